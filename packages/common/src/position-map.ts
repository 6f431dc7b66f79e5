import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { filePath } from "./file-path.ts";

/** A place in the user's file: zero-based. */
interface OriginalPosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where in the running code the map's entry begins: the place that was asked for, or one before it. */
  readonly entryLine: number;
  readonly entryColumn: number;
}

/** Maps positions of running code to positions in the user's files. */
export interface PositionMap {
  original(line: number, column: number): OriginalPosition | undefined;
}

interface MapEntry {
  readonly generatedLine: number;
  readonly generatedColumn: number;
  readonly originalSource: string;
  readonly originalLine: number;
  readonly originalColumn: number;
}

/** Maps by the URL of their script: those of bundles are large. */
const known = new Map<string, { readonly mapUrl: string; readonly map: PositionMap | undefined }>();

/** What the last line of a script names as its source map; empty when it names none. */
export function sourceMapUrl(source: string): string {
  return /\/\/# sourceMappingURL=(\S+)\s*$/.exec(source.slice(source.lastIndexOf("//#")))?.[1] ?? "";
}

/**
 * Reads a script's source map, from a data URL or from the file beside it, once; undefined when there is none that can be read.
 *
 * @param mapUrl What the script names as its map; may be relative to the script.
 * @param scriptUrl URL or absolute path of the script.
 */
export function readSourceMap(mapUrl: string, scriptUrl: string): PositionMap | undefined {
  if (mapUrl === "") return undefined;
  const base = scriptUrl.startsWith("/") ? pathToFileURL(scriptUrl).href : scriptUrl;
  const read = known.get(base);
  if (read?.mapUrl === mapUrl) return read.map;
  const map = parse(mapUrl, base);
  known.set(base, { mapUrl, map });
  return map;
}

function parse(mapUrl: string, base: string): PositionMap | undefined {
  try {
    const isData = mapUrl.startsWith("data:");
    const url = isData ? base : new URL(mapUrl, base).href;
    const text = isData ? decodeDataUrl(mapUrl) : readFileSync(fileURLToPath(url), "utf8");
    const payload = JSON.parse(text) as { sourceRoot?: string; sources: string[] };
    const map = new SourceMap(payload as ConstructorParameters<typeof SourceMap>[0]);
    const root = payload.sourceRoot ? new URL(`${payload.sourceRoot.replace(/\/$/, "")}/`, url).href : url;
    return {
      original(line, column) {
        const entry = map.findEntry(line, column) as Partial<MapEntry>;
        if (entry.originalSource === undefined || entry.originalLine === undefined) return undefined;
        return {
          file: pathOf(entry.originalSource, root),
          line: entry.originalLine,
          column: entry.originalColumn ?? 0,
          entryLine: entry.generatedLine ?? line,
          entryColumn: entry.generatedColumn ?? column,
        };
      },
    };
  } catch {
    // Without a readable map positions are those of the running code, which is still of use.
    return undefined;
  }
}

function decodeDataUrl(url: string): string {
  const comma = url.indexOf(",");
  const head = url.slice(0, comma);
  const data = url.slice(comma + 1);
  return head.endsWith(";base64") ? Buffer.from(data, "base64").toString("utf8") : decodeURIComponent(data);
}

/** A source's name in a map as a path, where it is a file. */
function pathOf(source: string, base: string): string {
  if (source.startsWith("/")) return source;
  const url = new URL(source, base).href;
  return filePath(url);
}
