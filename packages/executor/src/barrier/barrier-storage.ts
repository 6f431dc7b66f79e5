import type { BarrierContent, BarrierPart, BlockOutput } from "@gloam/plan";
import type { Chunks } from "../block-reader.ts";
import { decodePayload, encodePayload } from "./barrier-payload.ts";

/** Bytes of a chunk, at most: what is fetched at a time. */
const chunkBytes = 1024 * 1024;
/** Bytes that one task may have sent through the driver for one call, and all tasks together. */
const mostSentBytes = 16 * 1024;
const mostSentBytesOfAll = 4 * 1024 * 1024;

/** Where values are put that are too large for the driver, and where those of others are read. */
export interface BarrierBlocks {
  readonly output: BlockOutput;
  openSegment(handle: unknown, segment: number): Chunks;
  readonly prefetch: ((handles: readonly unknown[], segment: number) => void) | undefined;
}

/**
 * Turns values into what tasks give each other: bytes in the message where they are few, else a block, from which the others
 * read. Everything could go to everyone, so the limit falls with the square of their number.
 */
export function contentOf(values: readonly unknown[], size: number, { output }: BarrierBlocks): BarrierContent {
  const payloads = values.map((value) => encodePayload(value));
  const bytes = payloads.reduce((sum, { length }) => sum + length, 0);
  if (bytes <= Math.min(mostSentBytes, mostSentBytesOfAll / (size * size))) return { kind: "bytes", parts: payloads };
  const writer = output.create(payloads.length);
  payloads.forEach((payload, segment) => {
    for (let at = 0; at < payload.length; at += chunkBytes) {
      writer.append(segment, payload.subarray(at, at + chunkBytes));
    }
  });
  return { kind: "block", handle: writer.commit().handle, parts: payloads.length };
}

/** The values of parts, one at a time: what is made of them need not hold all. */
export function* valuesOf(parts: readonly BarrierPart[], blocks: BarrierBlocks): Generator<unknown, void> {
  const stored = parts.flatMap((part) => (part.kind === "block" ? part : []));
  const segments = new Set(stored.map(({ segment }) => segment));
  for (const segment of segments) {
    const handles = stored.flatMap((part) => (part.segment === segment ? [part.handle] : []));
    if (handles.length > 1) blocks.prefetch?.(handles, segment);
  }
  for (const part of parts) yield decodePayload(part.kind === "bytes" ? part.bytes : read(part, blocks));
}

function read({ handle, segment }: Extract<BarrierPart, { kind: "block" }>, blocks: BarrierBlocks): Uint8Array {
  const chunks = blocks.openSegment(handle, segment);
  try {
    const pieces: Uint8Array[] = [];
    for (let chunk = 0; chunk < chunks.chunks; chunk++) pieces.push(Uint8Array.from(chunks.chunk(chunk)));
    if (pieces.length === 1) return pieces[0]!;
    const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  } finally {
    chunks.close();
  }
}
