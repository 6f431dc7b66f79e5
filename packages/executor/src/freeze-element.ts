import type { RowCode } from "@gloam/plan";

/**
 * Writes the line that freezes an element, so that a user function that changes what it was given throws at that line.
 * For tests (`debug.freeze`): elements may be shared with cached copies and are immutable by contract.
 */
export function freezeElement(code: RowCode): void {
  code.line(`${code.constant(freezeDeep)}(${code.value});`);
}

/** Freezes arrays and plain objects all the way down; what cannot be frozen, such as typed arrays, is left as it is. */
function freezeDeep(value: unknown): void {
  const pending = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== "object" || next === null || Object.isFrozen(next) || ArrayBuffer.isView(next)) continue;
    Object.freeze(next);
    for (const part of Object.values(next) as unknown[]) pending.push(part);
  }
}
