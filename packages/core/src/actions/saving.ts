import { createIdentifier } from "@gloam/common";
import {
  abortJob,
  commitJob,
  commitKeyedJob,
  keyedTextSink,
  objectSink,
  prepareOutput,
  textSink,
  type FileOutput,
} from "@gloam/io";
import type { KernelDescription } from "@gloam/plan";
import { checkPath, invalid } from "../arguments.ts";
import { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import { Rdd } from "../rdd.ts";

/** Options of actions that write files. */
export interface SaveOptions extends ActionOptions {
  /** Compresses each part with gzip; the names of the parts then end in `.gz`. */
  readonly gzip?: boolean | undefined;
  /**
   * Takes the place of a directory that is there already, with all that is in it, when everything is written; until then it stays as it
   * is, and may be read by the same job. False by default.
   */
  readonly overwrite?: boolean | undefined;
}

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * Writes each element as a line of text, `String(element)`, a file `part-00000` and so on for each partition. The
     * directory appears with all parts and `_SUCCESS` or not at all, and one attempt of each task is committed. No shuffle.
     *
     * @param directory A path or `file:` URL that does not exist yet, unless it is to be overwritten.
     * @throws GloamError `GLOAM_OUTPUT_EXISTS`, `GLOAM_OUTPUT_FAILED`
     *
     * @example
     * await gc.range(3).saveAsTextFile(directory); // undefined
     * await gc.textFile(directory).collect(); // ["0", "1", "2"]
     */
    saveAsTextFile(directory: string | URL, options?: SaveOptions): Promise<void>;

    /**
     * Writes the elements so that `objectFile` reads them back as they are: Arrow IPC streams, a file `part-00000.arrows` and so on
     * for each partition. Other programs read the columns too: pyarrow by `open_stream`, once for each run of elements of the same
     * types. Atomic as `saveAsTextFile` is. No shuffle.
     *
     * @param directory A path or `file:` URL that does not exist yet, unless it is to be overwritten.
     * @throws GloamError `GLOAM_OUTPUT_EXISTS`, `GLOAM_OUTPUT_FAILED`; `GLOAM_VALUE_NOT_SERIALIZABLE` for an element that cannot be encoded
     *
     * @example
     * await gc.parallelize([new Date(0), { a: 1n }], 1).saveAsObjectFile(directory); // undefined
     * await gc.objectFile(directory).collect(); // [new Date(0), { a: 1n }]
     */
    saveAsObjectFile(directory: string | URL, options?: SaveOptions): Promise<void>;

    /**
     * Writes each value as a line of text into a directory for its key: `directory/KEY/part-00000` and so on, a file for each partition
     * that has the key. Of each key's name, `String(key)`, what cannot stand in a name of a directory, and a `.` or `_` that would hide
     * it, is written as in URLs: `a/b` as `a%2Fb`; an empty one is `%`. Any number of keys will do, few files are open at a time; every
     * key costs about 300 bytes in each task that has it, so that keys which lie together (`partitionBy`) are written faster and into fewer files.
     * Atomic as `saveAsTextFile` is. No shuffle.
     *
     * @param directory A path or `file:` URL that does not exist yet, unless it is to be overwritten.
     * @throws GloamError `GLOAM_OUTPUT_EXISTS`, `GLOAM_OUTPUT_FAILED`; `GLOAM_ELEMENT_INVALID` for elements that are no pairs
     *
     * @example
     * await gc.parallelize([["a", 1], ["b", 2], ["a", 3]], 1).saveAsTextFileByKey(directory); // undefined
     * await gc.textFile(`${directory}/a`).collect(); // ["1", "3"]
     */
    saveAsTextFileByKey<K, V>(
      this: Rdd<readonly [K, V]>,
      directory: string | URL,
      options?: SaveOptions,
    ): Promise<void>;
  }
}

Rdd.prototype.saveAsTextFile = function (this: Rdd<unknown>, directory, options): Promise<void> {
  return save(new Operation(this.context, "saveAsTextFile"), this, directory, { sinkOf: textSink, options });
};

Rdd.prototype.saveAsObjectFile = function (this: Rdd<unknown>, directory, options): Promise<void> {
  return save(new Operation(this.context, "saveAsObjectFile"), this, directory, { sinkOf: objectSink, options });
};

Rdd.prototype.saveAsTextFileByKey = function (this: Rdd<never>, directory, options): Promise<void> {
  const operation = new Operation(this.context, "saveAsTextFileByKey");
  return save(operation, this, directory, { sinkOf: keyedTextSink, commit: commitKeyedJob, options });
};

/** How one kind of files is written. */
interface Saving {
  readonly sinkOf: (output: FileOutput) => KernelDescription;
  /** Makes the output of so many tasks visible. */
  readonly commit?: typeof commitJob;
  readonly options: SaveOptions | undefined;
}

/** Runs the sink over all partitions; the directory appears as a whole or not at all. */
async function save(
  operation: Operation,
  { context, node }: Rdd<unknown>,
  directory: unknown,
  { sinkOf, commit = commitJob, options = {} }: Saving,
): Promise<void> {
  const { callSite } = operation;
  const { jobs, random } = context;
  const { gzip, overwrite } = options;
  const path = checkPath(operation, directory);
  for (const [name, value] of Object.entries({ gzip, overwrite })) {
    if (value !== undefined && typeof value !== "boolean") throw invalid(operation, `${name} must be true or false`);
  }
  await jobs.holding(node, async () => {
    const output = await prepareOutput(path, { id: createIdentifier(random), gzip, overwrite, callSite });
    try {
      let parts = 0;
      await jobs.run(operation, node, sinkOf(output), () => parts++, options);
      await commit(output, parts, callSite);
    } catch (error) {
      await abortJob(output);
      throw error;
    }
  });
}
