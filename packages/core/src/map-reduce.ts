import {
  combineGroupsNode,
  countOf,
  fixedCount,
  flatMapNode,
  mapNode,
  reduceGroupsNode,
  sortByKeyNode,
} from "@gloam/plan";
import { pureFunction } from "@gloam/closure";
import type { SaveOptions } from "./actions/saving.ts";
import { checkInteger } from "./arguments.ts";
import { GloamContext } from "./context.ts";
import { Operation } from "./operation.ts";
import { otherNode } from "./other-node.ts";
import { Rdd } from "./rdd.ts";
import type { Element } from "./types.ts";

/** Texts to read line by line, or any RDD. */
export type MapReduceInput = string | URL | readonly (string | URL)[] | Rdd<unknown>;

/** What a mapper gets: a line, or an element of the RDD. */
export type MapReduceRecord<Input> = Input extends Rdd<infer T> ? T : string;

/** The parts of a classic map-reduce job, see `mapReduce`. */
export interface MapReduceJob<Input extends MapReduceInput, K, V, R> {
  /** Paths or patterns of text files, as `textFile` takes them, or an RDD. */
  readonly input: Input;
  /** Gives pairs of key and value for a record. A generator, or a function that returns an array. */
  readonly mapper: (record: MapReduceRecord<Input>) => Iterable<readonly [K, V]>;
  /**
   * Gives pairs that take the place of a key's values before they are shuffled. It may be called never, or several times, also with
   * what it gave itself: often it is the reducer.
   */
  readonly combiner?: ((key: K, values: Iterable<V>) => Iterable<readonly [K, V]>) | undefined;
  /** Gives the results for a key and its values. */
  readonly reducer: (key: K, values: Iterable<V>) => Iterable<R>;
  /** Number of partitions of the result, and of files; as many as the input has when left out. */
  readonly reducers?: number | undefined;
}

/** Where the results of a classic map-reduce job go. */
export interface MapReduceOutput {
  /** Directory that does not exist yet: a file for each reducer; pairs as `key`, a tab and `value`, all else as `String(result)`. */
  readonly output: string | URL;
  /** Options of writing. */
  readonly options?: SaveOptions | undefined;
}

declare module "./context.ts" {
  interface GloamContext {
    /**
     * A classic map-reduce job, as Hadoop has it: `mapper` makes pairs of each record, these are sorted by their keys, and
     * `reducer` sees each key once with all of its values. Results come in the order of the keys, over all files. One
     * shuffle; the values of a key are given one by one and need not fit into memory. Key and value are plain data; keys are equal
     * by value.
     *
     * With `output` it runs at once and writes text; without, the results are an RDD.
     *
     * @throws GloamError `GLOAM_CLOSURE_NOT_SERIALIZABLE`, `GLOAM_ASYNC_FUNCTION`; from the run what `textFile` and
     *   `saveAsTextFile` say
     *
     * @example
     * const total = function* (word: string, counts: Iterable<number>) {
     *   let sum = 0;
     *   for (const count of counts) sum += count;
     *   yield [word, sum] as const;
     * };
     * const counts = gc.mapReduce({
     *   input: "books/*.txt",
     *   mapper: (line) => line.split(" ").map((word) => [word, 1]),
     *   combiner: total,
     *   reducer: total,
     * });
     * await counts.collect(); // [["moon", 1], ["moonlight", 1], ["sun", 1], ["the", 2]]
     */
    mapReduce<Input extends MapReduceInput, K extends Element, V extends Element, R extends Element>(
      job: MapReduceJob<Input, K, V, R> & MapReduceOutput,
    ): Promise<void>;
    mapReduce<Input extends MapReduceInput, K extends Element, V extends Element, R extends Element>(
      job: MapReduceJob<Input, K, V, R> & { readonly output?: undefined },
    ): Rdd<R>;
  }
}

/** A job, whatever its types. */
interface AnyJob {
  readonly input: MapReduceInput;
  readonly mapper: (record: never) => Iterable<unknown>;
  readonly combiner?: ((key: never, values: never) => Iterable<unknown>) | undefined;
  readonly reducer: (key: never, values: never) => Iterable<unknown>;
  readonly reducers?: number | undefined;
  readonly output?: string | URL | undefined;
  readonly options?: SaveOptions | undefined;
}

GloamContext.prototype.mapReduce = function (this: GloamContext, job: AnyJob): never {
  const { input, mapper, combiner, reducer, reducers, output, options } = job;
  const operation = new Operation(this, "mapReduce");
  if (reducers !== undefined) checkInteger(operation, "reducers", reducers, 1);
  const records = input instanceof Rdd ? otherNode(operation, input) : this.textFile(input).node;
  let pairs = flatMapNode(operation, records, operation.capture(mapper));
  if (combiner !== undefined) pairs = combineGroupsNode(operation, pairs, operation.capture(combiner));
  const count = reducers === undefined ? countOf(pairs) : fixedCount(reducers);
  const sorted = sortByKeyNode(operation, pairs, { ascending: true }, count);
  const results = reduceGroupsNode(operation, sorted, operation.capture(reducer));
  if (output === undefined) return operation.rdd(results) as never;
  const lines = operation.rdd<string>(mapNode(operation, results, textOfResult));
  return lines.saveAsTextFile(output, options) as never;
};

/** As Hadoop's text output writes it. */
const textOfResult = pureFunction((result: unknown) =>
  Array.isArray(result) && result.length === 2 ? `${result[0]}\t${result[1]}` : String(result),
);
