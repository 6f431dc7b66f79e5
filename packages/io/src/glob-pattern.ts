import { GloamError } from "@gloam/common";

/** One step of a path with patterns: a fixed name, a pattern for one name, or any number of directories. */
export type GlobStep =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "pattern"; readonly matches: (name: string) => boolean }
  | { readonly kind: "anyDepth" };

/** Whether the path has characters that mean a pattern. */
export function isGlob(path: string): boolean {
  return /[*?[{]/.test(path);
}

/**
 * Parses a path with patterns: `*`, `?`, `[abc]`, `[a-z]`, `[!a]`, `{a,b}` (also nested and across slashes), `**` for any
 * number of directories, and a backslash before a character that stands for itself. Gives one list of steps for each
 * choice of alternatives. Names that begin with "." or "_" match only a step that begins so too. Throws
 * GLOAM_ARGUMENT_INVALID for a set such as `[z-a]`.
 */
export function parseGlob(path: string): readonly (readonly GlobStep[])[] {
  return expandAlternatives(path).map((alternative) =>
    alternative
      .split("/")
      .filter((step) => step !== "")
      .map(parseStep),
  );
}

/** Whether directory listings and patterns pass over a name: hidden files, `_SUCCESS`, `_temporary`. */
export function isHidden(name: string): boolean {
  return name.startsWith(".") || name.startsWith("_");
}

function parseStep(step: string): GlobStep {
  if (step === "**") return { kind: "anyDepth" };
  if (!/[*?[\\]/.test(step)) return { kind: "name", name: step };
  if (!/[*?[]/.test(step.replace(/\\./gs, ""))) return { kind: "name", name: step.replace(/\\(.)/gs, "$1") };
  const expression = compile(step);
  const hidden = isHidden(step);
  return { kind: "pattern", matches: (name) => (hidden || !isHidden(name)) && expression.test(name) };
}

function compile(step: string): RegExp {
  try {
    return new RegExp(`^${expressionOf(step)}$`, "su");
  } catch (error) {
    throw new GloamError("GLOAM_ARGUMENT_INVALID", `${step} is not a valid pattern`, {
      hint: "put a backslash before characters that stand for themselves",
      cause: error,
    });
  }
}

function expressionOf(step: string): string {
  let expression = "";
  for (let at = 0; at < step.length;) {
    const character = String.fromCodePoint(step.codePointAt(at)!);
    at += character.length;
    const set = character === "[" ? /^(!|\^)?(\]?[^\]]*)\]/su.exec(step.slice(at)) : null;
    if (character === "*") expression += ".*";
    else if (character === "?") expression += ".";
    else if (set !== null && set[2] !== "") {
      expression += `[${set[1] === undefined ? "" : "^"}${set[2]!.replace(/[\\\]^[]/g, "\\$&")}]`;
      at += set[0].length;
    } else if (character === "\\" && at < step.length) {
      const literal = String.fromCodePoint(step.codePointAt(at)!);
      expression += quote(literal);
      at += literal.length;
    } else expression += quote(character);
  }
  return expression;
}

function quote(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/u, "\\$&");
}

/** Replaces the first group of braces by each of its alternatives, then the next, from the left. */
function expandAlternatives(path: string): string[] {
  const group = firstGroup(path);
  if (group === undefined) return [path];
  const { start, end, alternatives } = group;
  return alternatives.flatMap((alternative) =>
    expandAlternatives(alternative).flatMap((expanded) =>
      expandAlternatives(path.slice(end)).map((rest) => path.slice(0, start) + expanded + rest),
    ),
  );
}

/** The first group of braces with a comma in it. Others stand for themselves. */
function firstGroup(path: string): { start: number; end: number; alternatives: string[] } | undefined {
  for (let start = path.indexOf("{"); start >= 0; start = path.indexOf("{", start + 1)) {
    if (path[start - 1] === "\\") continue;
    const cuts = [start];
    let depth = 0;
    for (let at = start; at < path.length; at++) {
      const character = path[at];
      if (character === "\\") at++;
      else if (character === "{") depth++;
      else if (character === "," && depth === 1) cuts.push(at);
      else if (character === "}" && --depth === 0) {
        if (cuts.length === 1) break;
        cuts.push(at);
        const alternatives = cuts.slice(1).map((cut, index) => path.slice(cuts[index]! + 1, cut));
        return { start, end: at + 1, alternatives };
      }
    }
  }
  return undefined;
}
