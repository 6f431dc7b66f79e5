import { BoundedCache } from "./bounded-cache.ts";
import { layOut, sameSyntax, splice } from "./lay-out.ts";
import { displayPath, fileUrl } from "./main-program.ts";
import { nameUses } from "./name-uses.ts";
import { parseFunction, type ParsedFunction } from "./parse-function.ts";
import { rewriteFunction } from "./rewrite-function.ts";
import type { Script } from "./script.ts";
import type { FunctionCode } from "./value-graph.ts";

/** A function's text, understood and placed: all that does not depend on captured values. */
export interface FunctionText {
  readonly parsed: ParsedFunction;
  readonly source: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const parsedTexts = new BoundedCache<ParsedFunction | null>();

/** `parseFunction`, once per text. */
export function parseOnce(text: string): ParsedFunction | undefined {
  const known = parsedTexts.get(text);
  return (known === undefined ? parsedTexts.set(text, parseFunction(text) ?? null) : known) ?? undefined;
}

const placedTexts = new WeakMap<Script, Map<string, FunctionText>>();

/**
 * Places a function's text in the user's file: the source map of its script gives each token's line, and the text is laid out so that
 * it stands there.
 *
 * @param script The script that the text runs from; undefined when V8 does not say.
 * @param begin Offset of the text in the script.
 */
export function functionText(
  text: string,
  parsed: ParsedFunction,
  name: string,
  script: Script | undefined,
  begin: number | undefined,
): FunctionText {
  if (script === undefined || begin === undefined) return placed(parsed, name, undefined, undefined);
  let texts = placedTexts.get(script);
  if (texts === undefined) placedTexts.set(script, (texts = new Map<string, FunctionText>()));
  const key = `${begin} ${name} ${text.length}`;
  let known = texts.get(key);
  if (known === undefined) texts.set(key, (known = placed(parsed, name, script, begin)));
  return known;
}

function placed(
  parsed: ParsedFunction,
  name: string,
  script: Script | undefined,
  begin: number | undefined,
): FunctionText {
  const { pieces, changed } = rewriteFunction(parsed, name);
  const verbatim = changed ? splice(parsed.program, pieces) : parsed.program.slice(parsed.begin, parsed.end);
  // Lines are worth less than meaning.
  const checked = (source: string): string =>
    !parsed.strict || sameSyntax(wrapLike(parsed, verbatim), wrapLike(parsed, source)) ? source : verbatim;
  const running = (start: number) => script?.positionOf((begin ?? 0) + start - parsed.begin);
  const first = running(parsed.begin) ?? { line: 0, column: 0 };
  const map = script?.map;
  const original = map?.original(first.line, first.column);
  if (map === undefined || original === undefined) {
    const file = script === undefined ? "" : displayPath(fileUrl(script.url));
    const place = { file, line: first.line, column: Math.max(0, first.column) };
    const source = changed ? checked(layOut(parsed, pieces, place, (start) => running(start))) : verbatim;
    return { parsed, source, ...place };
  }
  const place = { file: original.file, line: original.line, column: original.column };
  const source = layOut(parsed, pieces, place, (start, previousEnd) => {
    const at = running(start);
    const before = running(previousEnd);
    if (at === undefined || before === undefined) return undefined;
    const found = map.original(at.line, at.column);
    if (found?.file !== original.file) return undefined;
    // An entry may begin at the white space before a token; one that begins earlier belongs to another token.
    const isOwn = found.entryLine === at.line && found.entryColumn >= (before.line === at.line ? before.column : 0);
    return isOwn ? found : undefined;
  });
  return { parsed, source: checked(source), ...place };
}

function wrapLike(parsed: ParsedFunction, source: string): string {
  return parsed.program.slice(0, parsed.begin) + source + parsed.program.slice(parsed.end);
}

/** The code of a function whose parameters are known. */
export function functionCode(
  text: FunctionText,
  name: string,
  parameters: readonly string[],
  late: readonly number[],
): FunctionCode {
  const { parsed, source, file, line, column } = text;
  const { assigned } = parsed.surroundings;
  const assigns = parameters.some((parameter) => assigned.has(parameter));
  const uses = nameUses(parsed, parameters);
  const { form, strict } = parsed;
  return { source, form, name, parameters, late, assigns, ...uses, strict, file, line, column };
}
