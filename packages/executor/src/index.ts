/** The threads and the storage of one executor: stage compiler, task loop, blocks. */
export { ExecutorHost } from "./host/executor-host.ts";
export type { ExecutorHostObserver, ExecutorHostOptions, HostedFailure, HostedTaskEnd } from "./host/host-port.ts";
export { blockCodec } from "./exchange/block-codec.ts";
export { chunkBytesOf } from "./exchange/compact-index.ts";
export type { ImportedModules } from "./task-messages.ts";
export { ModuleFiles } from "./process/module-files.ts";
export { divideMemory, type MemoryShares } from "./host/memory-shares.ts";
export type { HostedTask } from "./host/task-queues.ts";
