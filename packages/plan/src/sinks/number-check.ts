import { GloamError } from "@gloam/common";
import { inspect } from "node:util";
import type { RowCode } from "../kernel.ts";

/**
 * Writes the line that refuses an element that is no number, for programs that no compiler has checked: `undefined` would
 * make NaN of a sum, a string a longer string. Free where V8 knows that it is a number, which it has to find out otherwise.
 */
export function numberCheck(code: RowCode): void {
  code.line(`if (typeof ${code.value} !== "number") ${code.constant(refuse)}(${code.value});`);
}

/** @throws GloamError `GLOAM_ELEMENT_INVALID` unless it is a number. */
export function assertNumber(element: unknown): void {
  if (typeof element !== "number") refuse(element);
}

function refuse(element: unknown): never {
  const shown = inspect(element, { depth: 1, breakLength: Infinity, maxStringLength: 60, maxArrayLength: 5 });
  throw new GloamError("GLOAM_ELEMENT_INVALID", `an element is no number but ${shown.slice(0, 200)}`, {
    hint: "map the elements to numbers first, as with map(Number), or leave out those that are none with filter",
  });
}
