import * as v from "valibot";
import { bytes, count, host, name, port } from "./shapes.ts";

/** An output in the stores of one executor. */
export const outputName = v.object({ store: count, output: count });
export type OutputName = v.InferOutput<typeof outputName>;

/** Where other executors fetch blocks. */
export const blockAddress = v.object({ executor: name, host, port });
export type BlockAddress = v.InferOutput<typeof blockAddress>;

/**
 * A committed output as its executor reports it: its name there, and in `index` the lengths of its chunks by segment, in the form that
 * executors agree on.
 */
export const storedOutput = v.object({ store: count, output: count, index: bytes });
export type StoredOutput = v.InferOutput<typeof storedOutput>;

/** A block of a persisted node, on the executor that reports it; `worker` may hold it decoded, and `level` names how it is kept. */
export const storedBlock = v.object({
  node: count,
  partition: count,
  worker: count,
  level: name,
  output: storedOutput,
});
export type StoredBlock = v.InferOutput<typeof storedBlock>;

/** An output on another executor: `at` is an index into the message's addresses. Without, one on the executor that the message goes to. */
export const placedOutput = v.object({
  store: count,
  output: count,
  remote: v.optional(v.object({ at: count, index: bytes })),
});
export type PlacedOutput = v.InferOutput<typeof placedOutput>;
