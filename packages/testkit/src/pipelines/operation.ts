import type { Random } from "@gloam/common";
import type { Rdd } from "gloam";
import type { Place } from "./place.ts";
import type { Row } from "./rows.ts";

/** What the keys of a dataset are; mixed ones have no order that the model knows. */
export type KeyKind = "integer" | "float" | "string" | "tuple" | "mixed";

/** A dataset as the model knows it. */
export interface Dataset {
  readonly rows: readonly Row[];
  readonly keys: KeyKind;
  /** The part of a row that is promised to be in order: the rows of a sort, and what keeps their order. */
  readonly order?: "key" | "value" | undefined;
}

/** One operation applied to datasets: what it does to an RDD, and to the model's rows. */
export interface Applied {
  readonly description: string;
  readonly rows: readonly Row[];
  /** Those of the first input when left out. */
  readonly keys?: KeyKind;
  /** None when left out. */
  readonly order?: Dataset["order"];
  /** How many datasets it is applied to; one when left out. */
  readonly inputs?: 2;
  build(first: Rdd<Row>, second: Rdd<Row>, place: Place): Rdd<Row> | Promise<Rdd<Row>>;
}

/** Makes a dataset from nothing. */
export type Source = (
  random: Random,
  exact: boolean,
) => Dataset & {
  readonly description: string;
  build(place: Place): Rdd<Row>;
};

/** Applies itself to one or two datasets, or gives undefined where it cannot be. */
export type Operation = (random: Random, first: Dataset, second: Dataset) => Applied | undefined;

/** A random number of partitions. Always given, so that floats do not depend on the number of workers. */
export const partitionsOf = (random: Random): number => 1 + random.nextInt(5);
