import type { Token } from "acorn";
import type { SyntaxNode } from "./acorn.ts";
import type { Piece } from "./lay-out.ts";
import type { ParsedFunction } from "./parse-function.ts";

/** Names of the parameters that stand for what cannot be said outside a module, or would be said twice. */
export const specialNames = {
  importMeta: "$gloam_import_meta",
  dynamicImport: "$gloam_import",
  superClass: "$gloam_super",
} as const;

/**
 * Replaces `import.meta`, `import()`, a class's heritage (its live value travels instead), static blocks and initializers of
 * static fields (their values travel), idioms, and the key of a computed or private method.
 *
 * @param methodName Key for a method whose own cannot stand alone.
 */
export function rewriteFunction(parsed: ParsedFunction, methodName: string): { pieces: Piece[]; changed: boolean } {
  const replacements: { start: number; end: number; text: string }[] = [];
  for (const node of parsed.surroundings.importMetas)
    replacements.push({ ...range(node), text: specialNames.importMeta });
  for (const node of parsed.surroundings.dynamicImports) {
    replacements.push({ start: node.start, end: node.start + "import".length, text: specialNames.dynamicImport });
  }
  for (const node of parsed.removed) {
    const isHeritage = node === parsed.node["superClass"];
    const text = isHeritage ? specialNames.superClass : node.type === "StaticBlock" ? "static {}" : "undefined";
    replacements.push({ ...range(node), text });
  }
  replacements.push(...parsed.idioms);
  if (parsed.form === "method" || parsed.form === "getter" || parsed.form === "setter") {
    const key = parsed.node["key"] as SyntaxNode;
    const isPlain = parsed.node["computed"] !== true && key.type !== "PrivateIdentifier";
    if (!isPlain) replacements.push({ ...keyRange(parsed, key), text: JSON.stringify(methodName) });
  }
  const inside = parsed.tokens.filter((token) => token.start >= parsed.begin && token.end <= parsed.end);
  return { pieces: replace(piecesOf(parsed.program, inside), replacements), changed: replacements.length > 0 };
}

function range({ start, end }: SyntaxNode): { start: number; end: number } {
  return { start, end };
}

/** A computed key's brackets belong to it. */
function keyRange(parsed: ParsedFunction, key: SyntaxNode): { start: number; end: number } {
  if (parsed.node["computed"] !== true) return range(key);
  const before = parsed.tokens.findLast((token) => token.end <= key.start && token.type.label === "[");
  const after = parsed.tokens.find((token) => token.start >= key.end && token.type.label === "]");
  return { start: before?.start ?? key.start, end: after?.end ?? key.end };
}

function piecesOf(program: string, tokens: readonly Token[]): Piece[] {
  let afterTemplate = false;
  return tokens.map((token) => {
    const { start, end, type } = token;
    const verbatim = afterTemplate || type.label === "template" || type.label === "invalidTemplate";
    afterTemplate = type.label === "template" || type.label === "invalidTemplate";
    return { text: program.slice(start, end), start, end, verbatim };
  });
}

function replace(pieces: Piece[], replacements: readonly { start: number; end: number; text: string }[]): Piece[] {
  let result = pieces;
  for (const { start, end, text } of replacements) {
    // What was inserted here already, for something around this, stays before it.
    const first = result.findIndex((piece) => piece.start >= start && piece.end > start);
    const last = result.findLastIndex((piece) => piece.end <= end);
    if (first < 0 || last < (start === end ? first - 1 : first)) continue;
    const verbatim = (result[first] as Piece).verbatim;
    result = [...result.slice(0, first), { text, start, end, verbatim }, ...result.slice(last + 1)];
  }
  return result;
}

/** Whether a class gives its instances private fields or methods, which cannot be copied. */
export function hasPrivateInstanceMembers(node: SyntaxNode): boolean {
  return ((node["body"] as SyntaxNode)["body"] as SyntaxNode[]).some(
    (member) => member["static"] !== true && (member["key"] as SyntaxNode | undefined)?.type === "PrivateIdentifier",
  );
}
