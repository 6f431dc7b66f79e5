import { blockCodecs, GloamError, type BlockCodecName } from "@gloam/common";
import { packMessage, unpackMessage, type MessageBounds } from "@gloam/protocol";
import * as v from "valibot";

/** Chunks `from` to (without) `to` of one segment of an output. */
export interface BlockPart {
  readonly store: number;
  readonly output: number;
  readonly segment: number;
  readonly from: number;
  readonly to: number;
}

/** What is wanted of an output by who knows its index. */
export interface WantedPart extends BlockPart {
  /** Bytes of each of its chunks. */
  readonly chunkBytes: readonly number[];
}

/**
 * What a client sends: a request under a number of its own, or that it does not want the rest of one any more. Who names a codec can
 * read answers that are compressed with it.
 */
export type BlockRequest =
  | { readonly id: number; readonly codec?: BlockCodecName | undefined; readonly parts: readonly BlockPart[] }
  | { readonly cancel: number };

/**
 * Some of what was asked for: chunks from `from` on of a part, by their lengths, or why there are no more of it. The chunks of a
 * part come in order; those of all answers of a message lie in its attachments one after the other, as `layOut` says.
 */
export type PartAnswer =
  | { readonly part: number; readonly from: number; readonly lengths: readonly number[] }
  | { readonly part: number; readonly failure: PartFailure; readonly detail: string };

/** `missing`: unknown here, freed, or cannot be read. `corrupt`: its bytes are not those that were written. */
type PartFailure = "missing" | "corrupt";

/** What a server sends. `part` counts within the request. */
export interface BlockAnswer {
  readonly id: number;
  /** Its attachment is compressed, with the codec that the request names. */
  readonly compressed?: true | undefined;
  readonly parts: readonly PartAnswer[];
}

/** Parts of one request at most. */
export const mostParts = 1024;
/** Chunks of one answer at most. */
export const mostChunks = 4096;
const longestDetail = 1000;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const part = v.pipe(
  v.strictObject({ store: count, output: count, segment: count, from: count, to: count }),
  v.check(({ from, to }) => from < to && to - from <= 0xffffffff),
);
const request = v.union([
  v.strictObject({
    id: count,
    codec: v.optional(v.picklist(blockCodecs)),
    parts: v.pipe(v.array(part), v.minLength(1), v.maxLength(mostParts)),
  }),
  v.strictObject({ cancel: count }),
]);
const answer = v.strictObject({
  id: count,
  compressed: v.optional(v.literal(true)),
  parts: v.pipe(
    v.array(
      v.union([
        v.strictObject({ part: count, from: count, lengths: v.pipe(v.array(count), v.maxLength(mostChunks)) }),
        v.strictObject({ part: count, failure: v.picklist(["missing", "corrupt"]), detail: v.string() }),
      ]),
    ),
    v.minLength(1),
    v.maxLength(2 * mostParts),
  ),
});

const requestBounds: MessageBounds = { depth: 3, values: 11 * mostParts + 7 };
const answerBounds: MessageBounds = { depth: 4, values: 16 * mostParts + mostChunks + 7 };

export function encodeRequest(message: BlockRequest): Uint8Array {
  return packMessage(message);
}

/** @throws GloamError `GLOAM_FRAME_INVALID` */
export function decodeRequest(bytes: Uint8Array): BlockRequest {
  return checked(request, unpackMessage(bytes, requestBounds), "request");
}

export function encodeAnswer({ id, compressed, parts }: BlockAnswer): Uint8Array {
  return packMessage({
    id,
    compressed,
    parts: parts.map((each) => ("failure" in each ? { ...each, detail: each.detail.slice(0, longestDetail) } : each)),
  });
}

/** @throws GloamError `GLOAM_FRAME_INVALID` */
export function decodeAnswer(bytes: Uint8Array): BlockAnswer {
  return checked(answer, unpackMessage(bytes, answerBounds), "answer");
}

/** What came over a connection of blocks and cannot be believed; the connection ends. */
export function invalidBlocks(detail: string): GloamError {
  return new GloamError("GLOAM_FRAME_INVALID", `what came over a connection for blocks is not valid: ${detail}`);
}

function checked<T>(schema: v.GenericSchema<unknown, T>, message: unknown, name: string): T {
  const result = v.safeParse(schema, message, { abortEarly: true });
  if (!result.success) throw invalidBlocks(`no ${name} looks like this (${result.issues[0].message})`);
  return result.output;
}
