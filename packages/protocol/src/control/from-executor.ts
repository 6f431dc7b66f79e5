import * as v from "valibot";
import { outputName, storedBlock, storedOutput } from "./places.ts";
import { bytes, count, host, milliseconds, name, port, text } from "./shapes.ts";

const outcome = v.variant("kind", [
  /** A map output. `sizes` are the bytes of each segment as float64s. */
  v.object({ kind: v.literal("output"), output: storedOutput, sizes: bytes, sketch: v.optional(bytes) }),
  /** A small result. `encoded`: by the codec; otherwise the bytes are the result themselves. */
  v.object({ kind: v.literal("result"), bytes, encoded: v.boolean() }),
  /** A large result, to be fetched as a block and freed. */
  v.object({ kind: v.literal("storedResult"), output: storedOutput, encoded: v.boolean() }),
]);

const failure = v.variant("kind", [
  /** `operation` is an index into the stage's nodes, where it is known; `error` is serialized and encoded. */
  v.object({ kind: v.literal("exception"), error: bytes, operation: v.optional(count) }),
  v.object({
    kind: v.literal("fetchFailed"),
    shuffle: count,
    mapPartition: count,
    mapTask: count,
    error: bytes,
  }),
  v.object({ kind: v.literal("cachedBlockMissing"), node: count, partition: count, error: bytes }),
  /** The thread that ran it is gone; the executor has another. */
  v.object({ kind: v.literal("workerLost"), error: bytes }),
  v.object({ kind: v.literal("commitDenied") }),
  v.object({ kind: v.literal("killed") }),
]);

/** Bytes of blocks that it has fetched from others and sent to others so far, and cached blocks that made room for others. */
const traffic = v.object({ fetchedBytes: count, servedBytes: count, evictedBlocks: count });

/** What an executor tells its driver. */
export const fromExecutor = v.variant("type", [
  /** The first message: it can take tasks, `slots` at once, or none where it only keeps blocks; blocks are served at `host` and `blockPort`. */
  v.object({
    type: v.literal("registered"),
    slots: v.pipe(count, v.maxValue(4096)),
    host,
    blockPort: port,
    process: count,
    node: text,
  }),
  /** `accumulators`: what the task added to accumulators, encoded. */
  v.object({
    type: v.literal("finished"),
    task: count,
    outcome,
    accumulators: v.optional(bytes),
    blocks: v.array(storedBlock),
    traffic,
  }),
  v.object({ type: v.literal("failed"), task: count, failure, blocks: v.array(storedBlock), traffic }),
  /** May this attempt's output become visible? */
  v.object({ type: v.literal("commitAsked"), task: count }),
  /** At regular intervals, whatever else is said: the tasks that it has, and the resident bytes of its process. */
  v.object({ type: v.literal("heartbeat"), tasks: v.array(count), residentBytes: count, traffic }),
  /** The copy that `take` asked for; none where the output could not be had. */
  v.object({ type: v.literal("taken"), move: count, copy: v.optional(storedOutput) }),
  /** Cached blocks that are kept no longer, because their memory was needed. */
  v.object({
    type: v.literal("dropped"),
    blocks: v.array(v.object({ node: count, partition: count, place: outputName })),
  }),
  /** A task waits for a broadcast that is not here. */
  v.object({ type: v.literal("broadcastAsked"), broadcast: count }),
  /** A piece of a broadcast is here, and served to others. */
  v.object({ type: v.literal("pieceTaken"), broadcast: count, piece: count }),
  /** A piece could not be had, or was damaged: from the executor that was named, or the driver. */
  v.object({ type: v.literal("pieceFailed"), broadcast: count, piece: count, from: v.optional(name), reason: text }),
  /** It has been told to go, and does so when it is let go, or by itself after so many milliseconds. */
  v.object({ type: v.literal("leaving"), within: milliseconds }),
  /** It cannot go on, and why: the last message. */
  v.object({ type: v.literal("failing"), reason: text }),
]);
export type FromExecutor = v.InferOutput<typeof fromExecutor>;
export type TaskOutcomeMessage = v.InferOutput<typeof outcome>;
export type TaskFailureMessage = v.InferOutput<typeof failure>;
