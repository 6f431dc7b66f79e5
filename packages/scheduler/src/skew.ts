/**
 * Splitting partitions that are much larger than others, as soon as the sizes of a stage's inputs are known: several tasks then compute one,
 * each from some of the map outputs, and what they give stands one after the other. Only where exactly the same comes out.
 */
import type { ShuffleOutputs } from "./map-output-tracker.ts";
import type { MapRange, PieceOfPartition } from "./messages.ts";
import type { SkewOptions } from "./options.ts";
import type { Stage } from "./stage.ts";
import type { State } from "./state.ts";

/** What one task of a split stage computes. */
export interface Piece extends Partial<PieceOfPartition> {
  /** Position of the partition among those of the stage. */
  readonly index: number;
  readonly range?: MapRange | undefined;
}

/** Tasks that compute one partition, at most. */
const mostPieces = 64;

/** Splits a stage that is about to run for the first time, where it has partitions that are much larger than others. */
export function splitSkewed(state: State, stage: Stage): void {
  const { skew } = state.options;
  if (skew === undefined || !maySplit(stage)) return;
  const shuffle = stage.shape.streamedShuffle();
  const inputs = shuffle === undefined ? undefined : state.tracker.get(shuffle);
  if (inputs === undefined || inputs.size < 2) return;
  const pieces = piecesOf(stage, inputs, skew);
  if (pieces.length > stage.size) stage.split(pieces);
}

/** A job's last stage alone: its graph and its levels are its own, where map outputs outlive what they were planned for. */
function maySplit({ attempt, runningCount, output, graph, pieces, isBarrier }: Stage): boolean {
  if (output.kind !== "result" || attempt >= 0 || runningCount > 0 || pieces !== undefined || isBarrier) return false;
  return graph.joinsPieces && output.results.delivered.every((delivered) => !delivered);
}

function piecesOf(stage: Stage, inputs: ShuffleOutputs, { factor, threshold }: SkewOptions): Piece[] {
  const outputs = inputs.list();
  const reducers = outputs[0]?.sizes.length ?? 0;
  const totals = new Float64Array(reducers);
  for (const { sizes } of outputs)
    for (let reducer = 0; reducer < reducers; reducer++) totals[reducer]! += sizes[reducer] ?? 0;
  const usual = median(totals);
  const pieces: Piece[] = [];
  for (let index = 0; index < stage.size; index++) {
    const partition = stage.partition(index);
    const total = totals[partition] ?? 0;
    if (!(total > threshold && total > factor * usual)) {
      pieces.push({ index });
      continue;
    }
    const target = Math.max(threshold, usual, total / mostPieces);
    const starts = rangeStarts(
      outputs.map(({ sizes }) => sizes[partition] ?? 0),
      target,
    );
    starts.forEach((from, piece) => {
      const range = { shuffle: inputs.shuffle, from, to: starts[piece + 1] ?? outputs.length };
      pieces.push(starts.length === 1 ? { index } : { index, piece, of: starts.length, range });
    });
  }
  return pieces;
}

/** Where ranges of sizes begin that come to about `target` each. */
function rangeStarts(sizes: readonly number[], target: number): number[] {
  const starts = [0];
  let sum = 0;
  sizes.forEach((size, at) => {
    // Another one is worth it where this one has more than half of what it should.
    if (at > 0 && sum + size / 2 > target) {
      starts.push(at);
      sum = 0;
    }
    sum += size;
  });
  return starts;
}

function median(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
