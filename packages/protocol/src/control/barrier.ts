import * as v from "valibot";
import { placedOutput, storedOutput } from "./places.ts";
import { bytes, count, name, text } from "./shapes.ts";

const content = v.variant("kind", [
  v.object({ kind: v.literal("bytes"), parts: v.array(bytes) }),
  v.object({ kind: v.literal("block"), output: storedOutput, parts: count }),
]);

/** What a task of a barrier does. */
export const barrierCall = v.variant("kind", [
  v.object({
    kind: v.literal("collect"),
    call: count,
    epoch: count,
    operation: name,
    flow: v.picklist(["none", "all", "toRoot", "fromRoot"]),
    root: count,
    site: v.optional(text),
    content: v.optional(content),
  }),
  v.object({ kind: v.literal("send"), call: count, to: count, content }),
  v.object({ kind: v.literal("receive"), call: count, from: count, site: v.optional(text) }),
]);
export type BarrierCallMessage = v.InferOutput<typeof barrierCall>;

const part = v.variant("kind", [
  v.object({ kind: v.literal("bytes"), rank: count, bytes }),
  /** A segment of an output: of this executor, or of one whose address is in the message. */
  v.object({ kind: v.literal("block"), rank: count, place: placedOutput, segment: count }),
]);
export type BarrierPartMessage = v.InferOutput<typeof part>;

/** Ends the waiting of a task of a barrier. */
export const barrierAnswer = v.variant("kind", [
  v.object({ kind: v.literal("parts"), call: count, parts: v.array(part) }),
  v.object({
    kind: v.literal("error"),
    call: count,
    code: v.picklist(["GLOAM_BARRIER_MISMATCH", "GLOAM_BARRIER_TIMEOUT"]),
    message: text,
  }),
]);
export type BarrierAnswerMessage = v.InferOutput<typeof barrierAnswer>;

/** Where the tasks of a barrier run, by rank. */
export const barrierPeers = v.array(v.object({ executor: name, host: v.string() }));
