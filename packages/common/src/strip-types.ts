import { withoutWarnings } from "./without-warnings.ts";

/**
 * JavaScript with types replaced by spaces, as Node does it; undefined where the syntax has to be compiled.
 * @param strip Node's `stripTypeScriptTypes`.
 */
export function stripTypes(source: string, strip: (source: string) => string): string | undefined {
  // Node leaves decorators as they are, and V8 does not know them.
  if (/^\s*(?:export\s+(?:default\s+)?)?@[\w$]/m.test(source)) return undefined;
  try {
    // Node says once per process that this function is experimental; what it does is Node's default since version 24.
    return withoutWarnings(() => strip(source));
  } catch {
    return undefined; // what Node refuses is for the compiler, whose message for wrong syntax names file and line
  }
}

/** Whether JavaScript has explicit resource management, which Node runs from version 24 on. */
export function usesUsing(source: string): boolean {
  return /^[^/*"'`]*\busing\s+[\w$]/m.test(source);
}
