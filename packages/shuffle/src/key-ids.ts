import { NumberIndex } from "./number-index.ts";
import { blockRows, type PairBlock } from "./pair-block.ts";
import { StringIndex } from "./string-index.ts";
import { ValueIndex } from "./value-index.ts";
import { keyAt, type KeySource } from "./gather-pairs.ts";

const everyRow = Int32Array.from({ length: blockRows }, (_, row) => row);

/**
 * Numbers the distinct keys of blocks in the order of first appearance. Begins with an index for the first block's kind of
 * keys and goes on with one for any keys where others come; the numbers stay.
 */
export class KeyIds {
  #index: NumberIndex | StringIndex | ValueIndex | undefined;

  get count(): number {
    return this.#index?.count ?? 0;
  }

  /** Bytes of the index's buffers. */
  get bytes(): number {
    return this.#index?.bytes ?? 0;
  }

  /** Hashes by id. */
  hashes(): Int32Array {
    return this.#index?.hashes() ?? new Int32Array(0);
  }

  /** Keys by id. */
  keys(): KeySource {
    const index = this.#index;
    if (index === undefined) return { kind: "any", keys: [] };
    switch (index.kind) {
      case "number":
        return { kind: "number", keys: index.keys };
      case "string":
        return { kind: "string", ...index.strings() };
      case "any":
        return { kind: "any", keys: index.keys };
    }
  }

  /** The ids of a block's keys; keys that are new get the next ones. May hash and widen the block. */
  add(block: PairBlock, ids: Int32Array): void {
    // Indexes of numbers hash for themselves.
    if (!block.numberKeys) block.hash();
    const { length } = block;
    for (let from = 0; from < length;) {
      const index = this.#indexFor(block);
      from = find(index, block, from, ids);
      if (from < length) index.grow();
    }
  }

  /** The ids of a block's keys; -1 for keys that are unknown. May hash and widen the block. */
  lookUp(block: PairBlock, ids: Int32Array): void {
    if (this.#index === undefined) {
      ids.fill(-1, 0, block.length);
      return;
    }
    if (!block.numberKeys) block.hash();
    const index = this.#indexFor(block);
    switch (index.kind) {
      case "number":
        return index.lookUp(block.keys, block.length, ids);
      case "string":
        return index.lookUp(block.strings!, everyRow, block.length, ids);
      case "any":
        return index.lookUp(block.objects, block.hashes, block.length, ids);
    }
  }

  /** The index, with block and index brought to the same kind of keys. */
  #indexFor(block: PairBlock): NumberIndex | StringIndex | ValueIndex {
    const kind = block.keyKind;
    if (this.#index === undefined) {
      this.#index = kind === "number" ? new NumberIndex() : kind === "string" ? new StringIndex() : new ValueIndex();
    } else if (this.#index.kind !== kind) {
      if (block.numberKeys) block.hash();
      const { hashes } = block;
      block.widenKeys();
      block.hashes.set(hashes);
      if (this.#index.kind !== "any") {
        const source = this.keys();
        const wide = new ValueIndex();
        wide.load(
          Array.from({ length: this.count }, (_, id) => keyAt(source, id)),
          this.#index.hashes(),
        );
        this.#index = wide;
      }
    }
    return this.#index;
  }
}

function find(index: NumberIndex | StringIndex | ValueIndex, block: PairBlock, from: number, ids: Int32Array): number {
  switch (index.kind) {
    case "number":
      return index.find(block.keys, from, block.length, ids);
    case "string":
      return index.find(block.strings!, everyRow, from, block.length, ids);
    case "any":
      return index.find(block.objects, block.hashes, everyRow, from, block.length, ids);
  }
}
