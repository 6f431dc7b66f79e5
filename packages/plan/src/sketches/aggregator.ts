import { GloamError } from "@gloam/common";
import { assertNumber } from "../sinks/number-check.ts";
import { HyperLogLog } from "./hyper-log-log.ts";
import { TDigest } from "./t-digest.ts";

/** An aggregation that Gloam brings, as plain data: what executors make it of. */
export type AggregatorDescription =
  /** Counts distinct values, about: with a standard error of 1.04 / 2^(precision / 2). */
  | { readonly kind: "distinctCount"; readonly precision: number }
  /** Percentiles of numbers, about: see `TDigest`. */
  | { readonly kind: "percentiles"; readonly percents: readonly number[]; readonly compression: number };

/** How values become one result. Sketches are changed in place; they can travel as they are, and faster as bytes. */
export interface Aggregator<Sketch = unknown> {
  /** A sketch of no values. */
  start(): Sketch;
  /**
   * The sketch with one value more.
   * @throws GloamError `GLOAM_KEY_UNSUPPORTED`, `GLOAM_ELEMENT_INVALID`
   */
  add(sketch: Sketch, value: unknown): Sketch;
  /** Several sketches together, at least one. */
  merge(sketches: readonly Sketch[]): Sketch;
  /** A sketch as bytes. */
  toBytes(sketch: Sketch): Uint8Array;
  fromBytes(bytes: Uint8Array): Sketch;
  /** What a sketch says. */
  finish(sketch: Sketch): unknown;
}

/** Makes an aggregation of its description. */
export function createAggregator(description: AggregatorDescription): Aggregator {
  return description.kind === "distinctCount"
    ? distinctCount(description.precision)
    : percentiles(description.percents, description.compression);
}

function distinctCount(precision: number): Aggregator<HyperLogLog> {
  return {
    start: () => new HyperLogLog(precision),
    add(sketch, value) {
      sketch.add(value);
      return sketch;
    },
    merge([first, ...others]) {
      for (const other of others) first!.merge(other);
      return first!;
    },
    toBytes: (sketch) => sketch.toBytes(),
    fromBytes: (bytes) => HyperLogLog.fromBytes(bytes),
    finish: (sketch) => sketch.estimate(),
  };
}

function percentiles(percents: readonly number[], compression: number): Aggregator<TDigest> {
  return {
    start: () => new TDigest(compression),
    add(digest, value) {
      assertNumber(value);
      if (value !== value) {
        throw new GloamError("GLOAM_ELEMENT_INVALID", "an element is NaN, which has no rank among numbers", {
          hint: "leave such elements out first, as with filter((x) => !Number.isNaN(x))",
        });
      }
      digest.add(value);
      return digest;
    },
    merge: (digests) => TDigest.merged(digests),
    toBytes: (digest) => digest.toBytes(),
    fromBytes: (bytes) => TDigest.fromBytes(bytes),
    finish: (digest) => percents.map((percent) => digest.quantile(percent / 100)),
  };
}
