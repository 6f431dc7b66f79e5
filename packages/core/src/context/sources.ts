import { binaryRecordsNode, objectFileNode, partialTextNode, textFileNode, wholeFilesNode } from "@gloam/io";
import { checkInteger, checkPath, invalid } from "../arguments.ts";
import { GloamContext } from "../context.ts";
import type { Rdd } from "../rdd.ts";
import { checkPaths, splitOptions, type FileOptions, type Paths } from "./file-options.ts";

declare module "../context.ts" {
  interface GloamContext {
    /**
     * The lines of text files, without their ends (LF or CRLF), in the order of the paths and of the files' names. Gzip, bzip2
     * and (from Node.js 22.15 on) zstd files are read as they are. Large files are cut at line ends, a compressed file is one partition.
     *
     * @param paths A path or `file:` URL, or an array of several: a file, a directory (the files directly in it), or a pattern (`*`,
     * `?`, `[a-z]`, `{a,b}`, `**`). They are looked up by the first job.
     * @param options `minPartitions`, `defaultParallelism` when left out: no fewer partitions, as far as files can be cut.
     * @throws GloamError `GLOAM_INPUT_NOT_FOUND`, `GLOAM_INPUT_UNREADABLE` from the action
     *
     * @example
     * await gc.textFile("books/*.txt").filter((line) => line.includes("moon")).count(); // 2
     */
    textFile(paths: Paths, options?: FileOptions): Rdd<string>;

    /**
     * Pairs of each file's absolute path and its text, in the order of the paths and of the files' names; byte order marks are left out,
     * and gzip, bzip2 and (from Node.js 22.15 on) zstd files are decompressed. Many small files share a partition. A file must fit a
     * worker's memory. No shuffle.
     *
     * @param paths As those of `textFile`.
     * @throws GloamError `GLOAM_INPUT_NOT_FOUND`, `GLOAM_INPUT_UNREADABLE` from the action
     *
     * @example
     * await gc.wholeTextFiles("books/*.txt").values().collect(); // ["the moon\nthe sun\nmoonlight\n"]
     */
    wholeTextFiles(paths: Paths, options?: FileOptions): Rdd<[path: string, text: string]>;

    /**
     * Pairs of each file's absolute path and its bytes, as they are, otherwise like `wholeTextFiles`.
     *
     * @throws GloamError `GLOAM_INPUT_NOT_FOUND`, `GLOAM_INPUT_UNREADABLE` from the action
     *
     * @example
     * await gc.binaryFiles("books/*.txt").map(([, bytes]) => bytes.length).collect(); // [27]
     */
    binaryFiles(paths: Paths, options?: FileOptions): Rdd<[path: string, bytes: Uint8Array]>;

    /**
     * The records of binary files, each of `recordLength` bytes. Large files are cut between records. No shuffle.
     *
     * @param recordLength Bytes of a record; a file's size must be a multiple of it.
     * @throws GloamError `GLOAM_ARGUMENT_INVALID`; `GLOAM_INPUT_NOT_FOUND`, `GLOAM_INPUT_UNREADABLE` from the action
     *
     * @example
     * await gc.binaryRecords("books/a.txt", 9).map((bytes) => String.fromCharCode(bytes[0])).collect(); // ["t", "t", "o"]
     */
    binaryRecords(paths: Paths, recordLength: number, options?: FileOptions): Rdd<Uint8Array>;

    /**
     * The elements that `saveAsObjectFile` has written, or the rows of Arrow IPC streams that others have: numbers, booleans, texts,
     * bytes, timestamps, lists and structs, rows as objects. Small files share a partition, none is cut. Their type is what you say it
     * is. No shuffle.
     *
     * @throws GloamError `GLOAM_INPUT_NOT_FOUND`, `GLOAM_INPUT_UNREADABLE` from the action
     *
     * @example
     * await gc.parallelize([["a", 1], ["b", null]], 1).saveAsObjectFile(directory); // undefined
     * await gc.objectFile<[string, number | null]>(directory).keys().collect(); // ["a", "b"]
     */
    objectFile<T>(paths: Paths, options?: FileOptions): Rdd<T>;

    /**
     * The lines of a text file whose first byte is one of its bytes `begin` to below `end`: parts that follow each other give each line
     * once. The file must not be compressed. No shuffle.
     *
     * @throws GloamError `GLOAM_ARGUMENT_INVALID`, from the action too: for a compressed file, or several;
     * `GLOAM_INPUT_NOT_FOUND`, `GLOAM_INPUT_UNREADABLE` from the action
     *
     * @example
     * await gc.partialTextFile("books/a.txt", 1, 10).collect(); // ["the sun"]
     */
    partialTextFile(path: string | URL, begin: number, end: number, options?: FileOptions): Rdd<string>;
  }
}

GloamContext.prototype.textFile = function (paths, options): Rdd<string> {
  const operation = this.operation("textFile");
  return operation.rdd(textFileNode(operation, checkPaths(operation, paths), splitOptions(operation, options)));
};

GloamContext.prototype.wholeTextFiles = function (paths, options) {
  const operation = this.operation("wholeTextFiles");
  const splits = splitOptions(operation, options);
  return operation.rdd(wholeFilesNode(operation, checkPaths(operation, paths), { as: "text", ...splits }));
};

GloamContext.prototype.binaryFiles = function (paths, options) {
  const operation = this.operation("binaryFiles");
  const splits = splitOptions(operation, options);
  return operation.rdd(wholeFilesNode(operation, checkPaths(operation, paths), { as: "bytes", ...splits }));
};

GloamContext.prototype.binaryRecords = function (paths, recordLength, options) {
  const operation = this.operation("binaryRecords");
  checkInteger(operation, "recordLength", recordLength, 1);
  const splits = { recordBytes: recordLength, ...splitOptions(operation, options) };
  return operation.rdd(binaryRecordsNode(operation, checkPaths(operation, paths), splits));
};

GloamContext.prototype.objectFile = function (paths, options) {
  const operation = this.operation("objectFile");
  return operation.rdd(objectFileNode(operation, checkPaths(operation, paths), splitOptions(operation, options)));
};

GloamContext.prototype.partialTextFile = function (path, begin, end, options) {
  const operation = this.operation("partialTextFile");
  checkInteger(operation, "begin", begin, 0);
  checkInteger(operation, "end", end, 0);
  if (end < begin) throw invalid(operation, `end must not be before begin, ${begin}, as ${end} is`);
  const splits = { begin, end, ...splitOptions(operation, options) };
  return operation.rdd(partialTextNode(operation, checkPath(operation, path), splits));
};
