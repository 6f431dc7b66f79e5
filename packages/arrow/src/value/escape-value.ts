import { escape, escapeMark, isEscape } from "./escapes.ts";
import { escapeGraph } from "./graph-escaper.ts";
import type { SetApart } from "./set-apart.ts";
import { isKept, isNegativeZero, needsGraph, refused, TreeEscaper } from "./tree-escaper.ts";

/** What `escapeValue` gives for a value that cannot travel; `refusalOf` says why. */
export const cannotTravel: unique symbol = Symbol("cannot travel");

/**
 * The value as MessagePack keeps it, with escapes for what MessagePack loses: the value itself, untouched, when there is
 * nothing to escape. Bytes of large arrays go to `apart`, where it is given. A value is first taken for a tree; where it turns out to be deep or very large, for a graph.
 */
export function escapeValue(value: unknown, apart?: SetApart): unknown {
  if (typeof value === "number" ? !isNegativeZero(value) : typeof value === "string" && isKept(value)) return value;
  try {
    return asRoot(value, escapeTree(value, apart));
  } catch (error) {
    if (error === refused) return cannotTravel;
    throw error;
  }
}

function escapeTree(value: unknown, apart: SetApart | undefined): unknown {
  try {
    return new TreeEscaper(apart).value(value);
  } catch (error) {
    if (error === needsGraph) {
      apart?.clear();
      return escapeGraph(value, apart);
    }
    throw error;
  }
}

/** A root that only holds escapes becomes one. */
function asRoot(value: unknown, escaped: unknown): unknown {
  return Object.is(value, escaped) || isEscape(escaped) ? escaped : [escapeMark, escape.root, escaped];
}
