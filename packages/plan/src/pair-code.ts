import { GloamError } from "@gloam/common";
import { inspect } from "node:util";
import type { RowCode } from "./kernel.ts";

/**
 * A line that refuses elements that are no pairs, for programs that no compiler has checked. `part` is the name of what was
 * read of the element: only undefined can come of a number, an object or a Map, so that little is looked at for each
 * pair. A string would be taken for a pair of its first two characters.
 */
export function pairCheck(code: RowCode, part: string): string {
  return `if (${part} === undefined || typeof ${code.value} === "string") ${code.constant(assertPair)}(${code.value});`;
}

/** @throws GloamError `GLOAM_ELEMENT_INVALID` */
function assertPair(element: unknown): void {
  if (Array.isArray(element)) return;
  const shown = inspect(element, { depth: 1, breakLength: Infinity, maxStringLength: 60, maxArrayLength: 5 });
  throw new GloamError("GLOAM_ELEMENT_INVALID", `an element is no pair [key, value] but ${shown.slice(0, 200)}`, {
    hint: "make pairs first, as with map((x) => [x, 1]) or keyBy((x) => x.id)",
  });
}
