/** Block store in shared memory slabs, memory manager, disk files. */
export {
  BlockStore,
  type BlockStoreOptions,
  type Evicted,
  type EvictionOptions,
  type StoreUsage,
} from "./block-store.ts";
export { BufferedFile } from "./buffered-file.ts";
export type { CachedIdentity } from "./cached-output.ts";
export { checksum } from "./checksum.ts";
export { ExecutionAccount } from "./execution-account.ts";
export { nodeFileOperations, type FileOperations } from "./file-operations.ts";
export type { Lease, Leases } from "./leases.ts";
export { attachMemoryPool, createMemoryPool, MemoryPool, type MemoryPoolOptions } from "./memory-pool.ts";
export { OrphanedOutputs, type OrphanedOutputsOptions } from "./orphaned-outputs.ts";
export { eachChunk, outputBytes, singleChunk, type OutputHandle } from "./output-handle.ts";
export { SegmentedOutput, type OutputPlaces } from "./output-writer.ts";
export { pageBytes } from "./page.ts";
export {
  probePath,
  ScratchDirectory,
  scratchDirectoryPath,
  type ScratchDirectoryOptions,
} from "./scratch-directory.ts";
export { openSegment, SegmentReader, type ChunkPlace } from "./segment-reader.ts";
export { SlabAllocator, type Slab, type SlabAllocatorOptions, type SlabPlace } from "./slab-allocator.ts";
export { SlabRegistry } from "./slab-registry.ts";
export { StorageAccount } from "./storage-account.ts";
export { TaskAccount } from "./task-account.ts";
