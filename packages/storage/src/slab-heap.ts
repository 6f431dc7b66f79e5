import { GloamError } from "@gloam/common";

/** Blocks are multiples of this many bytes. */
const unitBytes = 32;
const wordsPerUnitShift = 3;
/** Each block begins with a header of four 32-bit words: size in units, mark, first unit of the block before it, unused. */
const headerBytes = 16;
const markWord = 1;
const previousWord = 2;
/** A free block continues with the links of its free list. */
const nextFreeWord = 4;
const previousFreeWord = 5;
const usedMark = 0x55534544;
const freeMark = 0x46524545;
const none = -1;

/** Each power of two of sizes is divided into this many lists. */
const divisionBits = 4;
const divisions = 1 << divisionBits;
const levels = 32 - divisionBits;

/** Largest slab: its words are counted in 31 bits. */
export const maximumSlabBytes = 2 ** 32 - unitBytes;

/** Bytes that a block with so many payload bytes takes in a slab, its header and padding included. */
export function blockBytes(payload: number): number {
  return Math.ceil((payload + headerBytes) / unitBytes) * unitBytes;
}

/** Bytes of the smallest slab that certainly has room for a block with so many payload bytes. */
export function slabBytesFor(payload: number): number {
  return searchUnits(blockBytes(payload) / unitBytes) * unitBytes;
}

/**
 * Allocates blocks in one slab: two-level segregated fit (Masmano, Ripoll, Crespo, Real, ECRTS 2004). Allocating and
 * freeing take constant time, neighbours that are free are always one block, and what is wasted is at most a sixteenth
 * of a block. The headers stand in the slab itself; only the slab's owner may call this.
 */
export class SlabHeap {
  readonly #words: Int32Array;
  readonly #units: number;
  readonly #heads = new Int32Array(levels << divisionBits).fill(none);
  readonly #divisionMaps = new Int32Array(levels);
  #levelMap = 0;
  #usedBytes = 0;

  /** Takes zeroed memory of at most `maximumSlabBytes`. */
  constructor(buffer: SharedArrayBuffer) {
    this.#units = Math.floor(buffer.byteLength / unitBytes);
    this.#words = new Int32Array(buffer, 0, this.#units << wordsPerUnitShift);
    this.#setHeader(0, this.#units, none);
    this.#link(0);
  }

  /** Bytes of all blocks that are allocated, headers included. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Offset of a fresh payload of at least `bytes` bytes, a multiple of 16; -1 when no free block is large enough. */
  allocate(bytes: number): number {
    const wanted = blockBytes(bytes) / unitBytes;
    const unit = this.#find(searchUnits(wanted));
    if (unit === none) return -1;
    this.#unlink(unit);
    const size = this.#size(unit);
    if (size > wanted) {
      const rest = unit + wanted;
      this.#setHeader(unit, wanted, this.#previous(unit));
      this.#setHeader(rest, size - wanted, unit);
      const after = unit + size;
      if (after < this.#units) this.#words[(after << wordsPerUnitShift) + previousWord] = rest;
      this.#link(rest);
    }
    this.#words[(unit << wordsPerUnitShift) + markWord] = usedMark;
    this.#usedBytes += wanted * unitBytes;
    return unit * unitBytes + headerBytes;
  }

  /** Frees the block whose payload begins at `offset`. */
  free(offset: number): void {
    let unit = (offset - headerBytes) / unitBytes;
    const words = this.#words;
    if (!Number.isInteger(unit) || words[(unit << wordsPerUnitShift) + markWord] !== usedMark) {
      throw new GloamError("GLOAM_INTERNAL", `no block of a slab begins at ${offset}`);
    }
    let size = this.#size(unit);
    let previous = this.#previous(unit);
    this.#usedBytes -= size * unitBytes;
    const next = unit + size;
    words[(unit << wordsPerUnitShift) + markWord] = freeMark;
    if (next < this.#units && this.#isFree(next)) {
      this.#unlink(next);
      size += this.#size(next);
      words[(next << wordsPerUnitShift) + markWord] = 0;
    }
    if (previous !== none && this.#isFree(previous)) {
      this.#unlink(previous);
      size += this.#size(previous);
      words[(unit << wordsPerUnitShift) + markWord] = 0;
      unit = previous;
      previous = this.#previous(unit);
    }
    this.#setHeader(unit, size, previous);
    if (unit + size < this.#units) words[((unit + size) << wordsPerUnitShift) + previousWord] = unit;
    this.#link(unit);
  }

  #size(unit: number): number {
    return this.#words[unit << wordsPerUnitShift]!;
  }

  #previous(unit: number): number {
    return this.#words[(unit << wordsPerUnitShift) + previousWord]!;
  }

  #isFree(unit: number): boolean {
    return this.#words[(unit << wordsPerUnitShift) + markWord] === freeMark;
  }

  #setHeader(unit: number, size: number, previous: number): void {
    const word = unit << wordsPerUnitShift;
    this.#words[word] = size;
    this.#words[word + previousWord] = previous;
  }

  /** First block of the first list whose blocks all have at least so many units. */
  #find(units: number): number {
    const list = listOf(units);
    let level = list >>> divisionBits;
    let map = this.#divisionMaps[level]! & (-1 << (list & (divisions - 1)));
    if (map === 0) {
      const above = this.#levelMap & (-1 << (level + 1));
      if (above === 0) return none;
      level = lowestBit(above);
      map = this.#divisionMaps[level]!;
    }
    return this.#heads[(level << divisionBits) + lowestBit(map)]!;
  }

  #link(unit: number): void {
    const words = this.#words;
    const word = unit << wordsPerUnitShift;
    const list = listOf(this.#size(unit));
    const head = this.#heads[list]!;
    words[word + markWord] = freeMark;
    words[word + nextFreeWord] = head;
    words[word + previousFreeWord] = none;
    if (head !== none) words[(head << wordsPerUnitShift) + previousFreeWord] = unit;
    this.#heads[list] = unit;
    const level = list >>> divisionBits;
    this.#divisionMaps[level]! |= 1 << (list & (divisions - 1));
    this.#levelMap |= 1 << level;
  }

  #unlink(unit: number): void {
    const words = this.#words;
    const word = unit << wordsPerUnitShift;
    const next = words[word + nextFreeWord]!;
    const previous = words[word + previousFreeWord]!;
    if (next !== none) words[(next << wordsPerUnitShift) + previousFreeWord] = previous;
    if (previous !== none) {
      words[(previous << wordsPerUnitShift) + nextFreeWord] = next;
      return;
    }
    const list = listOf(this.#size(unit));
    this.#heads[list] = next;
    if (next !== none) return;
    const level = list >>> divisionBits;
    this.#divisionMaps[level]! &= ~(1 << (list & (divisions - 1)));
    if (this.#divisionMaps[level] === 0) this.#levelMap &= ~(1 << level);
  }
}

/** Free list of blocks with so many units. The first level has one list for each size below 16. */
function listOf(units: number): number {
  if (units < divisions) return units;
  const log = 31 - Math.clz32(units);
  return ((log - divisionBits + 1) << divisionBits) + ((units >>> (log - divisionBits)) & (divisions - 1));
}

/** Rounds up to the smallest size of a list, so that every block of that list and of later ones is large enough. */
function searchUnits(units: number): number {
  if (units < divisions) return units;
  const step = 1 << (31 - Math.clz32(units) - divisionBits);
  return Math.ceil(units / step) * step;
}

function lowestBit(map: number): number {
  return 31 - Math.clz32(map & -map);
}
