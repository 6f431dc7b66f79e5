import type { Call } from "./calls.ts";
import type { Shape, Value } from "./shapes.ts";

/** One operation of a pipeline as data, for both languages. */
export interface Step {
  /** As Gloam calls it; `source` begins. */
  readonly op: string;
  /** Which steps it is applied to. */
  readonly inputs: readonly number[];
  readonly rows?: readonly Value[];
  readonly partitions?: number;
  readonly ascending?: boolean;
  /** How elements are kept. */
  readonly level?: string;
  readonly call?: Call;
  /** Where an operation takes several functions, or makes lists whose order Spark does not promise: the other function. */
  readonly finish?: Call;
}

/** An action upon the last step. */
export interface Action {
  readonly op: string;
  readonly count?: number;
  readonly call?: Call;
  readonly zero?: Value;
  /** Of a histogram: its bounds, or how many buckets it has. */
  readonly bounds?: readonly number[] | number;
  readonly key?: Value;
  /** What of its outcome is promised. */
  readonly promise: Promised;
  /** By how much rough numbers may differ. */
  readonly tolerance?: number;
}

/**
 * What of an outcome is the same in both: every element in its place; the elements; the elements, and their keys in their
 * order; pairs whose keys differ, whose values are the same up to rounding; a number up to rounding.
 */
export type Promised = "exact" | "elements" | "keyOrder" | "roughValues" | "roughNumber";

/** A pipeline with the actions that look at its outcome. */
export interface SharedPipeline {
  readonly seed: number;
  readonly steps: readonly Step[];
  readonly actions: readonly Action[];
}

/** What is known of a step's elements and of how both systems lay them out. */
export interface Dataset {
  readonly shape: Shape;
  /** Whether the sequence of all elements is defined, or that of their keys. */
  readonly order: "exact" | "key" | "none";
  /** Whether it is defined which elements a partition has. */
  readonly laidOut: boolean;
  /** Whether elements have been exchanged between partitions on the way. */
  readonly exchanged: boolean;
  /** Where it is defined. */
  readonly partitions?: number | undefined;
  /** No more elements than this. */
  readonly most: number;
}

/** A step, and what it makes. */
export interface Made {
  readonly step: Omit<Step, "inputs">;
  readonly dataset: Dataset;
}
