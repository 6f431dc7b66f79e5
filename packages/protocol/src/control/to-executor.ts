import * as v from "valibot";
import { barrierAnswer, barrierPeers } from "./barrier.ts";
import { blockAddress, outputName, placedOutput, storedOutput } from "./places.ts";
import { bytes, count, name } from "./shapes.ts";
import { stageModules, userModule } from "./user-modules.ts";

const mapOutput = v.object({
  partition: count,
  /** The attempt that wrote it. */
  task: count,
  place: placedOutput,
  sketch: v.optional(bytes),
});

const task = v.object({
  task: count,
  stage: count,
  partition: count,
  attempt: count,
  /** The slot that it is wanted in. */
  slot: count,
  /** Encoded: what the nodes of the partition's narrow tree are given. */
  payloads: bytes,
  /** Shuffles that the task reads, whose outputs are known by now. */
  shuffles: v.array(count),
  /** Executors that hold cached blocks which the task reads. */
  addresses: v.array(blockAddress),
  /** Blocks of one partition are copies of each other where the same task computed them. */
  cached: v.array(v.object({ node: count, partition: count, place: placedOutput, computedBy: v.optional(count) })),
  /** The tasks that it may wait for, where its stage has a barrier. */
  peers: v.optional(barrierPeers),
  /** Of a shuffle's map outputs it reads those from one up to another, where others compute the rest of the partition. */
  range: v.optional(v.object({ shuffle: count, from: count, to: count })),
  /** It goes to a thread that has nothing to do. */
  alone: v.optional(v.boolean()),
});

/** What a driver tells an executor. */
export const toExecutor = v.variant("type", [
  /** A module of the user's program, before the first stage that names it; once. */
  v.object({ type: v.literal("module"), ...userModule }),
  /** A stage's code, before its first task. `code` is an encoded stage description. */
  v.object({
    type: v.literal("stage"),
    stage: count,
    shuffleMap: v.boolean(),
    code: bytes,
    modules: v.optional(stageModules),
  }),
  /** No job uses these any more. */
  v.object({ type: v.literal("forgetStages"), stages: v.array(count) }),
  /**
   * Where map outputs lie that the executor has not been told of, before the first task that reads them. One of a partition that is
   * known already takes its place.
   */
  v.object({
    type: v.literal("mapOutputs"),
    shuffle: count,
    addresses: v.array(blockAddress),
    outputs: v.array(mapOutput),
  }),
  /** Nobody reads these any more. */
  v.object({ type: v.literal("forgetShuffles"), shuffles: v.array(count) }),
  v.object({ type: v.literal("task"), task }),
  /** The task's outcome is no longer wanted; its end is to be reported all the same. */
  v.object({ type: v.literal("kill"), task: count }),
  /** The answer to `commitAsked`. */
  v.object({ type: v.literal("commit"), task: count, granted: v.boolean() }),
  /** The answer to `barrier`, with the executors that hold blocks which it names. */
  v.object({ type: v.literal("barrier"), task: count, answer: barrierAnswer, addresses: v.array(blockAddress) }),
  /** Outputs that nobody needs any more. */
  v.object({ type: v.literal("free"), outputs: v.array(outputName) }),
  /** Blocks of persisted nodes that are cached no longer. */
  v.object({
    type: v.literal("dropCached"),
    blocks: v.array(v.object({ node: count, partition: count, place: outputName })),
  }),
  /** Copy an output of another executor into a store of your own; `taken` answers under the same number. */
  v.object({
    type: v.literal("take"),
    move: count,
    from: blockAddress,
    output: storedOutput,
    /** Of a cached block: which it is, and the level that it is kept at. */
    cached: v.optional(v.object({ node: count, partition: count, level: name })),
  }),
  /**
   * What a broadcast is that the executor has asked for: its bytes, those of what comes first in it, how it is cut, and the CRC-32 of
   * each piece as uint32s.
   */
  v.object({
    type: v.literal("broadcast"),
    broadcast: count,
    bytes: count,
    headBytes: count,
    pieceBytes: v.pipe(count, v.minValue(1)),
    checksums: bytes,
  }),
  /** Fetch these pieces of it, from another executor, or from the driver where none is named; instead of elsewhere, if that was said before. */
  v.object({
    type: v.literal("fetchPieces"),
    broadcast: count,
    pieces: v.array(count),
    from: v.optional(blockAddress),
  }),
  /** A broadcast that the executor has asked for cannot be had: the encoded error. */
  v.object({ type: v.literal("broadcastFailed"), broadcast: count, error: bytes }),
  /** Free these. */
  v.object({ type: v.literal("dropBroadcasts"), broadcasts: v.array(count) }),
  /** The driver is there; sent when there has been nothing else to say for a while. */
  v.object({ type: v.literal("alive") }),
  /** End, after what user functions made has been disposed of. */
  v.object({ type: v.literal("stop") }),
]);
export type ToExecutor = v.InferOutput<typeof toExecutor>;

/** A task as an executor gets it. */
export type LaunchedTask = v.InferOutput<typeof task>;

/** A module as an executor gets it. */
export type SentModule = Extract<ToExecutor, { type: "module" }>;
