import type { FunctionCode } from "./value-graph.ts";

/**
 * Whether a piece of code does nothing with a name but call it. Told from the text: where that is not clear, as behind a comment or in
 * a string, it is not so.
 */
export function isOnlyCalled(name: string, source: string): boolean {
  const escaped = name.replaceAll("$", "\\$");
  const isPart = "[\\p{ID_Continue}$\\u200c\\u200d]";
  const otherUse = new RegExp(`(?<!${isPart})(?:new\\s+${escaped}(?!${isPart})|${escaped}(?!${isPart}|\\s*\\())`, "u");
  return !otherUse.test(source);
}

/** Whether a function may do anything with itself but call itself: by its name, or as `arguments.callee`. */
export function isReachedByItself({ source, strict }: FunctionCode): boolean {
  if (!strict && source.includes("arguments")) return true;
  const [head, name] = /^\s*(?:async\s+)?function\s*\*?\s*([^\s(]*)/u.exec(source) ?? [];
  return head !== undefined && name !== undefined && name !== "" && !isOnlyCalled(name, source.slice(head.length));
}
