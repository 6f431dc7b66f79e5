import { chunkBytesOf } from "./compact-index.ts";
import type { ExecutorAddress, RemoteSegment } from "./remote-segment.ts";

/** An output in the stores of another executor: what stands for an `OutputHandle` there. Plain data. */
export interface RemoteOutput extends ExecutorAddress {
  readonly store: number;
  readonly output: number;
  /** The lengths of its chunks by segment: `compactIndex`. */
  readonly index: Uint8Array;
}

/** Whether what names an output names one of another executor. */
export function isRemote(handle: unknown): handle is RemoteOutput {
  return typeof handle === "object" && handle !== null && "executor" in handle;
}

/**
 * One segment of it.
 * @throws GloamError `GLOAM_BLOCK_CORRUPT` for an index that is none.
 */
export function segmentOf(
  { executor, host, port, store, output, index }: RemoteOutput,
  segment: number,
): RemoteSegment {
  return { executor, host, port, store, output, segment, chunkBytes: chunkBytesOf(index, segment) };
}

/** The segments that a task has asked for: each is one object, by which the exchange knows it again. */
export class TaskSegments {
  readonly #segments = new Map<RemoteOutput, Map<number, RemoteSegment>>();

  /** @throws GloamError `GLOAM_BLOCK_CORRUPT` for an index that is none. */
  of(output: RemoteOutput, segment: number): RemoteSegment {
    const known = this.#segments.get(output) ?? new Map<number, RemoteSegment>();
    this.#segments.set(output, known);
    const found = known.get(segment) ?? segmentOf(output, segment);
    known.set(segment, found);
    return found;
  }
}
