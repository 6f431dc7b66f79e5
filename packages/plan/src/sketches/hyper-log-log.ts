import { registerClass } from "@gloam/arrow";
import { hashKey } from "../keys/hash-key.ts";
import { secondHash } from "../keys/second-hash.ts";
import { estimateFromPlaces, estimateFromRegisters } from "./estimate-distinct.ts";

/** Bits of the hash that tell places of a sparse sketch apart. */
const sparseBits = 25;
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
  slots: Int32Array = new Int32Array(fewestSlots);
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

  /** As plain data: the registers, or the codes in order. */
  toData(): readonly [precision: number, Uint8Array | Int32Array] {
    return [this.precision, this.registers ?? this.slots.filter((code) => code !== 0).sort()];
  }

  static fromData([precision, data]: readonly [number, Uint8Array | Int32Array]): HyperLogLog {
    const sketch = new HyperLogLog(precision);
    if (data instanceof Int32Array) for (const code of data) sketch.#put(code);
    else sketch.registers = Uint8Array.from(data);
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
    const larger = new Int32Array(2 * slots.length);
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
    this.slots = new Int32Array(0);
    this.hit = 0;
    this.registers = registers;
    return registers;
  }
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
  toData: (sketch: HyperLogLog) => sketch.toData(),
  fromData: (data: readonly [number, Uint8Array | Int32Array]) => HyperLogLog.fromData(data),
});
