import { registerClass } from "@gloam/arrow";
import { hashKey } from "../keys/hash-key.ts";
import { secondHash } from "../keys/second-hash.ts";
import { newBytes } from "./small-bytes.ts";
import { estimateFromPlaces, estimateFromRegisters } from "./estimate-distinct.ts";

/** Bits of the hash that tell places of a sparse sketch apart. */
const sparseBits = 25;
/** Bytes before the content. */
const headBytes = 2;
/** Least table of a sparse sketch. */
const fewestSlots = 4;

/**
 * Counts distinct keys in little memory: HyperLogLog over 64-bit hashes. Few keys are kept one by one, as 25 bits and a rank
 * (the sparse form of Heule, Nunkesser and Hall, HyperLogLog in practice, 2013), and counted nearly exactly; more of them
 * become 2^precision registers of a byte each, with a standard error of 1.04 / 2^(precision / 2). The keys alone decide what
 * a sketch is, not their order, nor in which order sketches were merged.
 */
export class HyperLogLog {
  readonly precision: number;
  /** The registers; undefined while it is sparse. */
  registers: Uint8Array | undefined;
  /** While it is sparse: codes of places and ranks, by the place's last bits or behind; 0 where there is none. */
  slots: number[] = emptySlots(fewestSlots);
  /** Number of codes. */
  hit = 0;

  /** @param precision From 4 to 21. */
  constructor(precision: number) {
    this.precision = precision;
  }

  /** @throws GloamError `GLOAM_KEY_UNSUPPORTED` */
  add(key: unknown): void {
    const [first, second] = [hashKey(key), secondHash(key)];
    if (this.registers === undefined) {
      // The place, and how many of the 39 other bits are zero before the first that is not.
      const rest = first << sparseBits;
      const rank = rest === 0 ? 33 - sparseBits + Math.clz32(second) : 1 + Math.clz32(rest);
      this.#put(((first >>> (32 - sparseBits)) << 6) | rank);
    } else {
      const { precision } = this;
      const rest = first << precision;
      const rank = rest === 0 ? 33 - precision + Math.clz32(second) : 1 + Math.clz32(rest);
      const register = first >>> (32 - precision);
      if (rank > this.registers[register]!) this.registers[register] = rank;
    }
  }

  /** Takes all that another sketch of the same precision has seen. */
  merge(other: HyperLogLog): void {
    if (other.registers === undefined) {
      for (const code of other.slots) if (code !== 0) this.#put(code);
      return;
    }
    const registers = this.#dense();
    const others = other.registers;
    for (let i = 0; i < registers.length; i++) if (others[i]! > registers[i]!) registers[i] = others[i]!;
  }

  /** How many distinct keys it has seen, about: an integer. */
  estimate(): number {
    const { registers, precision, hit } = this;
    return Math.round(
      registers === undefined ? estimateFromPlaces(hit, 2 ** sparseBits) : estimateFromRegisters(registers, precision),
    );
  }

  /** As bytes: the precision, whether it is sparse, and the registers, or the codes in order. */
  toBytes(): Uint8Array {
    const { registers, precision, hit } = this;
    const bytes = newBytes(headBytes + (registers?.length ?? 4 * hit));
    bytes[0] = precision;
    if (registers !== undefined) {
      bytes.set(registers, headBytes);
      return bytes;
    }
    bytes[1] = 1;
    let at = headBytes;
    for (const code of this.slots.filter((each) => each !== 0).sort((a, b) => a - b))
      for (let shift = 0; shift < 32; shift += 8) bytes[at++] = code >>> shift;
    return bytes;
  }

  static fromBytes(bytes: Uint8Array): HyperLogLog {
    const sketch = new HyperLogLog(bytes[0]!);
    if (bytes[1] === 0) {
      sketch.registers = bytes.slice(headBytes);
      return sketch;
    }
    for (let at = headBytes; at < bytes.length; at += 4)
      sketch.#put(bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    return sketch;
  }

  #put(code: number): void {
    if (this.registers !== undefined) return putRegister(this.registers, this.precision, code);
    const { slots } = this;
    const mask = slots.length - 1;
    const place = code >> 6;
    let at = place & mask;
    while (slots[at] !== 0 && slots[at]! >> 6 !== place) at = (at + 1) & mask;
    if (slots[at] === 0) {
      this.hit++;
      // As many bytes as registers would take.
      if (this.hit * 8 > 2 ** this.precision) putRegister(this.#dense(), this.precision, code);
      else {
        slots[at] = code;
        if (this.hit * 2 > slots.length) this.#grow();
      }
    } else if (code > slots[at]!) {
      slots[at] = code;
    }
  }

  #grow(): void {
    const { slots } = this;
    const mask = 2 * slots.length - 1;
    const larger = emptySlots(2 * slots.length);
    for (const code of slots) {
      if (code === 0) continue;
      let at = (code >> 6) & mask;
      while (larger[at] !== 0) at = (at + 1) & mask;
      larger[at] = code;
    }
    this.slots = larger;
  }

  #dense(): Uint8Array {
    if (this.registers !== undefined) return this.registers;
    const registers = new Uint8Array(2 ** this.precision);
    for (const code of this.slots) if (code !== 0) putRegister(registers, this.precision, code);
    this.slots = [];
    this.hit = 0;
    this.registers = registers;
    return registers;
  }
}

/** Slots without codes. An array: of typed arrays a small one costs V8's collector as much as a large one. */
function emptySlots(length: number): number[] {
  return new Array<number>(length).fill(0);
}

function putRegister(registers: Uint8Array, precision: number, code: number): void {
  const place = code >> 6;
  const rest = place << (32 - sparseBits + precision);
  const rank = rest === 0 ? sparseBits - precision + (code & 63) : 1 + Math.clz32(rest);
  const register = place >> (sparseBits - precision);
  if (rank > registers[register]!) registers[register] = rank;
}

registerClass({
  name: "gloam.HyperLogLog",
  constructor: HyperLogLog,
  toData: (sketch: HyperLogLog) => sketch.toBytes(),
  fromData: (bytes: Uint8Array) => HyperLogLog.fromBytes(bytes),
});
