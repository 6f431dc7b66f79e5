import type { Batch, JoinedPart, Sink, TextBatch } from "@gloam/plan";
import type { BoundKernel } from "./text-flow.ts";

/** Takes whole batches past a loop, which is then for those that it does not take. */
export type TakeWhole = (batch: Batch | TextBatch) => boolean;

/** How a chain and its sink take whole batches. */
export interface WholeBatches {
  readonly take: TakeWhole;
  /** Whether these are texts. */
  readonly ofTexts: boolean;
}

/**
 * Finds out whether all that a chain does is cut texts into pairs, or join lists of texts, and its sink can do so for whole batches.
 * Bytes are then copied from the one's buffers to the other's, by loops that are no part of any program and compiled early.
 */
export function wholeBatches(chain: readonly BoundKernel[], sink: Sink | undefined): WholeBatches | undefined {
  const [only, second] = chain;
  if (sink === undefined || only === undefined || second !== undefined) return undefined;
  const { kernel, context } = only;
  const cutter = sink.takeCuts && kernel.cuts?.(context);
  if (cutter !== undefined)
    return { ofTexts: true, take: (batch) => "texts" in batch && sink.takeCuts!(batch.texts, cutter) };
  const parts = sink.takeJoined && kernel.joins?.(context);
  if (parts !== undefined)
    return { ofTexts: false, take: (batch) => "columns" in batch && takeColumns(batch, sink, parts) };
  return undefined;
}

function takeColumns(batch: Batch, sink: Sink, parts: readonly JoinedPart[]): boolean {
  if (batch.rows !== undefined) return false;
  // Columns are not asked for where rows can be read where they are.
  return sink.takeJoined!(batch.interleaved ?? batch.columns, parts);
}
