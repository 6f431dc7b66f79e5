/** Node contract, kernels, dependencies, partitioners, keys, source and sink ports. */
export type * from "./batch.ts";
export type * from "./block-output.ts";
export type * from "./kernel.ts";
export type * from "./node.ts";
export type * from "./partitioner.ts";
export type * from "./task-memory.ts";
