import { readSourceMap, sourceMapUrl, type PositionMap } from "@gloam/common";
import { scriptOnStack } from "./script-on-stack.ts";
import { threadInspector } from "./inspector.ts";
import type { FunctionLocation } from "./inspect-function.ts";
import { bindingsOf, type ScriptBindings } from "./script-bindings.ts";

interface ScriptParsed {
  readonly scriptId: string;
  readonly url: string;
  readonly sourceMapURL?: string;
  readonly startLine: number;
  readonly startColumn: number;
}

/** A script that runs in this thread, as V8 sees it: after type stripping, tsx, vite or a bundler. */
export class Script {
  /** URL or path; empty for code without one. */
  readonly url: string;
  readonly source: string;
  readonly #parsed: ScriptParsed;
  #lineStarts: number[] | undefined;
  #bindings: ScriptBindings | undefined;
  #map: PositionMap | null | undefined;

  constructor(parsed: ScriptParsed, source: string) {
    this.#parsed = parsed;
    this.url = parsed.url;
    this.source = source;
  }

  /** What the script imports, exports and declares. Parsed at first use. */
  get bindings(): ScriptBindings {
    return (this.#bindings ??= bindingsOf(this.source));
  }

  /** Its source map; undefined when positions are those of the file. Read at first use. */
  get map(): PositionMap | undefined {
    if (this.#map === undefined) this.#map = readSourceMap(this.#parsed.sourceMapURL ?? "", this.url) ?? null;
    return this.#map ?? undefined;
  }

  /** Offset into the source of a position that V8 reports. */
  offsetOf({ lineNumber, columnNumber }: { lineNumber: number; columnNumber: number }): number {
    const line = lineNumber - this.#parsed.startLine;
    const column = line === 0 ? columnNumber - this.#parsed.startColumn : columnNumber;
    return (this.#lines()[line] ?? 0) + column;
  }

  /** Zero-based position, as V8 reports it, of an offset into the source. */
  positionOf(offset: number): { line: number; column: number } {
    const starts = this.#lines();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    const column = offset - (starts[low] as number);
    return { line: low + this.#parsed.startLine, column: low === 0 ? column + this.#parsed.startColumn : column };
  }

  /** Where a function's text begins: V8's location may lie behind `function`, a name or a whole class head. */
  beginOf(text: string, location: FunctionLocation): number | undefined {
    const near = this.offsetOf(location);
    const found = this.source.lastIndexOf(text, near);
    return found >= 0 && near <= found + text.length ? found : undefined;
  }

  #lines(): number[] {
    if (this.#lineStarts === undefined) {
      this.#lineStarts = [0];
      for (let at = this.source.indexOf("\n"); at >= 0; at = this.source.indexOf("\n", at + 1)) {
        this.#lineStarts.push(at + 1);
      }
    }
    return this.#lineStarts;
  }
}

const scripts = new Map<string, Script>();

/**
 * The script as it stands in its file, where a function of it is on the stack, as is almost always the one that hands a function to an
 * operation. Saves turning the debugger on.
 */
function scriptInFile(scriptId: string): Script | undefined {
  const found = scriptOnStack(scriptId);
  if (found === undefined) return undefined;
  const { url, source } = found;
  return new Script({ scriptId, url, sourceMapURL: sourceMapUrl(source), startLine: 0, startColumn: 0 }, source);
}

/**
 * The script behind a location. The debugger is on only while a script that was not seen before and is not on the stack is looked
 * up: 16 to 70 ms the first time, as V8 hashes the source of every script then, and 7 to 10 ms after that.
 */
export function scriptOf(location: FunctionLocation): Script | undefined {
  const known = scripts.get(location.scriptId) ?? scriptInFile(location.scriptId);
  if (known !== undefined) {
    scripts.set(location.scriptId, known);
    return known;
  }
  const { session } = threadInspector;
  let parsed: ScriptParsed | undefined;
  const listen = ({ params }: { params: object }) => {
    if ((params as ScriptParsed).scriptId === location.scriptId) parsed = params as ScriptParsed;
  };
  session.on("Debugger.scriptParsed", listen);
  try {
    threadInspector.post("Debugger.enable");
    if (parsed === undefined) return undefined;
    const { scriptSource } = threadInspector.post("Debugger.getScriptSource", {
      scriptId: location.scriptId,
    }) as { scriptSource: string };
    const script = new Script(parsed, scriptSource);
    scripts.set(location.scriptId, script);
    return script;
  } finally {
    threadInspector.post("Debugger.disable");
    session.off("Debugger.scriptParsed", listen);
  }
}
