import { readFileSync } from "node:fs";
import { findSourceMap, type SourceMap } from "node:module";
import type { CallSite } from "./call-site.ts";
import { captureFrames } from "./capture-frames.ts";
import { filePath } from "./file-path.ts";
import { isGloamFile } from "./package-directory.ts";
import { readSourceMap, sourceMapUrl, type PositionMap } from "./position-map.ts";

/**
 * The first frame of the current stack that is not Gloam's own: where the user's program called the operation that is
 * running. Positions are those of the file as the user wrote it: type stripping keeps them, and source maps are applied
 * where the process has them (tsx, vitest, `--enable-source-maps`) and where a script names one.
 *
 * Undefined when there is no such frame, as in a bundle that holds Gloam itself and has no source map.
 *
 * Costs a few microseconds, and the first in a script what reading it and its source map takes; the same place gives the same
 * object.
 */
export function captureCallSite(): CallSite | undefined {
  return find(captureFrames(6, captureCallSite)) ?? find(captureFrames(200, captureCallSite));
}

/** What is known of a file that frames name. */
interface Script {
  readonly path: string;
  readonly isGloam: boolean;
  /** The source map that the process has. */
  readonly sourceMap: SourceMap | undefined;
  /** The source map that the script names; null where there is none, undefined until it is asked for. */
  named: PositionMap | null | undefined;
  /** Answers for the places seen so far, as many as the program's text has; undefined for one of Gloam's own. */
  readonly sites: Map<number, CallSite | undefined>;
}

const scripts = new Map<string, Script>();

function find(frames: readonly NodeJS.CallSite[]): CallSite | undefined {
  for (const frame of frames) {
    const file = frame.getFileName();
    if (file === null || file === undefined || file.startsWith("node:")) continue;
    let script = scripts.get(file);
    if (script === undefined) scripts.set(file, (script = readScript(file)));
    if (script.isGloam) continue;
    const site = locate(script, frame);
    if (site !== undefined) return site;
  }
  return undefined;
}

function readScript(file: string): Script {
  const path = filePath(file);
  return { path, isGloam: isGloamFile(path), sourceMap: findSourceMap(file), named: undefined, sites: new Map() };
}

function locate(script: Script, frame: NodeJS.CallSite): CallSite | undefined {
  const line = frame.getLineNumber() ?? 0;
  const column = frame.getColumnNumber() ?? 0;
  const key = line * 2 ** 26 + column;
  if (script.sites.has(key)) return script.sites.get(key);
  const site =
    script.sourceMap === undefined
      ? locateByName(script, locateByPrinting(script.path, line, column, frame), line, column)
      : locateBySourceMap(script.path, line, column, script.sourceMap);
  const answer = isGloamFile(site.file) ? undefined : Object.freeze(site);
  script.sites.set(key, answer);
  return answer;
}

function locateBySourceMap(path: string, line: number, column: number, sourceMap: SourceMap): CallSite {
  const entry = sourceMap.findEntry(line - 1, column - 1);
  if (!("originalSource" in entry)) return { file: path, line, column };
  const { originalSource, originalLine, originalColumn } = entry;
  const file = filePath(originalSource);
  return { file, line: originalLine + 1, column: originalColumn + 1 };
}

/**
 * Vitest and the package source-map-support keep their source maps to themselves and map positions in the
 * `Error.prepareStackTrace` that they set: it prints this one frame, and the position is read from the text.
 */
function locateByPrinting(path: string, line: number, column: number, frame: NodeJS.CallSite): CallSite {
  const text = String(Error.prepareStackTrace?.(new Error(), [frame]));
  const printed = /^ +at (?:.*\()?(.+):(\d+):(\d+)\)?$/m.exec(text);
  if (printed === null) return { file: path, line, column };
  const [, source = path, printedLine, printedColumn] = printed;
  const file = filePath(source);
  return { file, line: Number(printedLine), column: Number(printedColumn) };
}

/** Where nothing in the process maps positions, the map that the script names does: messages name the user's lines with it anyway. */
function locateByName(script: Script, printed: CallSite, line: number, column: number): CallSite {
  if (printed.file !== script.path || printed.line !== line || printed.column !== column) return printed;
  const original = namedMap(script)?.original(line - 1, column - 1);
  return original === undefined
    ? printed
    : { file: original.file, line: original.line + 1, column: original.column + 1 };
}

function namedMap(script: Script): PositionMap | undefined {
  if (script.named === undefined) {
    script.named = null;
    try {
      script.named = readSourceMap(sourceMapUrl(readFileSync(script.path, "utf8")), script.path) ?? null;
    } catch {
      // Code of `node -e`, a REPL or a loader has no file.
    }
  }
  return script.named ?? undefined;
}
