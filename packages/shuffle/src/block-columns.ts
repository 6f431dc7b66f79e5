import type { KeySource, ValueSource } from "./gather-pairs.ts";
import type { PairBlock } from "./pair-block.ts";

/** A block's keys by row number; valid until the block is filled again. */
export function sourceOf(block: PairBlock): KeySource {
  if (block.numberKeys) return { kind: "number", keys: block.keys };
  if (block.strings === undefined) return { kind: "any", keys: block.objects };
  const { words, starts, lengths } = block.strings;
  return { kind: "string", words, starts, lengths };
}

/** A block's values by row number; valid until the block is filled again. */
export function valuesOf(block: PairBlock): ValueSource {
  return block.numberValues ? block.numbers : block.values;
}
