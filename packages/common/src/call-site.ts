import { isAbsolute, relative, sep } from "node:path";
import { filePath } from "./file-path.ts";

/** Where in the user's program an operation was called: a position in the file as the user wrote it. Plain data. */
export interface CallSite {
  /** Absolute path or URL of the user's file. */
  readonly file: string;
  /** One-based line. */
  readonly line: number;
  /** One-based column. */
  readonly column: number;
}

/**
 * The call site for messages; files in the working directory are named from there.
 *
 * @example describeCallSite({ file: "/project/etl.ts", line: 12, column: 18 }, "/project") // "etl.ts:12:18"
 */
export function describeCallSite({ file, line, column }: CallSite, directory: string = process.cwd()): string {
  return `${describeFile(file, directory)}:${line}:${column}`;
}

/** A file as messages name it: its path from the working directory where it lies in there. */
export function describeFile(file: string, directory: string = process.cwd()): string {
  const path = filePath(file);
  if (!isAbsolute(path)) return path;
  const fromHere = relative(directory, path);
  return fromHere.startsWith("..") || isAbsolute(fromHere) ? path : fromHere.split(sep).join("/");
}
