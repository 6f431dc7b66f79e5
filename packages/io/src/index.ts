/** Sources and sinks, file systems by scheme. */
export { checkpointReader, checkpointSource, type CheckpointSplit } from "./checkpoint-reader.ts";
export { checkpointFileName, checkpointSink, checkpointWriter, type CheckpointPart } from "./checkpoint-sink.ts";
export { FileStream, type ByteStream } from "./byte-stream.ts";
export { locate, type FileLocation } from "./file-location.ts";
export type { DirectoryEntry, FileStatus, FileSystem, OpenFile } from "./file-system.ts";
export { findFiles, type InputFile } from "./find-files.ts";
export { GzipStream } from "./gzip-stream.ts";
export { LineReader, type LineReaderOptions } from "./line-reader.ts";
export { localFileSystem } from "./local-file-system.ts";
export { localOutputPath } from "./output-path.ts";
export { type PartFileResult } from "./part-file.ts";
export { textFileNode, textFileSource, type TextFileOptions, type TextFileSource } from "./text-file-source.ts";
export { textLines } from "./text-lines.ts";
export { abortJob, commitJob, prepareTextOutput, type TextOutput, type TextOutputOptions } from "./text-output.ts";
export { textOutput, textSink } from "./text-sink.ts";
export { pipeKernel, pipeNode } from "./pipe.ts";
export { splitFiles, type FileRange, type FileSplit, type SplitOptions } from "./text-splits.ts";
