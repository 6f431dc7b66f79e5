import { corrupt } from "../corrupt.ts";

/**
 * Reads FlatBuffers tables where they lie. Every offset is checked before it is followed; a field that is not there has
 * its default.
 */
export class FlatReader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The root table. */
  root(): number {
    return this.#table(this.uint32(0));
  }

  #table(at: number): number {
    const vtable = at - this.int32(at);
    const size = this.uint16(vtable);
    if (size < 4 || vtable + size > this.#bytes.length) throw corrupt("a table's description is cut off");
    return at;
  }

  /** Where the field of that slot lies; 0 where the table lacks it. */
  field(table: number, slot: number): number {
    const vtable = table - this.int32(table);
    const entry = 4 + 2 * slot;
    if (entry + 2 > this.uint16(vtable)) return 0;
    const offset = this.uint16(vtable + entry);
    return offset === 0 ? 0 : table + offset;
  }

  int8Field(table: number, slot: number, otherwise: number): number {
    const at = this.field(table, slot);
    if (at === 0) return otherwise;
    this.#check(at, 1);
    return this.#view.getInt8(at);
  }

  int16Field(table: number, slot: number, otherwise: number): number {
    const at = this.field(table, slot);
    if (at === 0) return otherwise;
    this.#check(at, 2);
    return this.#view.getInt16(at, true);
  }

  int32Field(table: number, slot: number, otherwise: number): number {
    const at = this.field(table, slot);
    return at === 0 ? otherwise : this.int32(at);
  }

  int64Field(table: number, slot: number): number {
    const at = this.field(table, slot);
    return at === 0 ? 0 : this.int64(at);
  }

  /** The table that a field refers to. */
  tableField(table: number, slot: number): number | undefined {
    const at = this.field(table, slot);
    return at === 0 ? undefined : this.#table(at + this.uint32(at));
  }

  stringField(table: number, slot: number): string {
    const at = this.field(table, slot);
    if (at === 0) return "";
    const string = at + this.uint32(at);
    const length = this.uint32(string);
    this.#check(string + 4, length);
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + string + 4, length).toString("utf8");
  }

  /** Where the elements of a vector begin, and how many there are, each of that size. */
  vectorField(table: number, slot: number, elementSize: number): { at: number; length: number } {
    const at = this.field(table, slot);
    if (at === 0) return { at: 0, length: 0 };
    const vector = at + this.uint32(at);
    const length = this.uint32(vector);
    this.#check(vector + 4, length * elementSize);
    return { at: vector + 4, length };
  }

  /** The tables of a vector. */
  tablesField(table: number, slot: number): number[] {
    const { at, length } = this.vectorField(table, slot, 4);
    return Array.from({ length }, (_, i) => this.#table(at + 4 * i + this.uint32(at + 4 * i)));
  }

  uint16(at: number): number {
    this.#check(at, 2);
    return this.#view.getUint16(at, true);
  }

  int32(at: number): number {
    this.#check(at, 4);
    return this.#view.getInt32(at, true);
  }

  uint32(at: number): number {
    this.#check(at, 4);
    return this.#view.getUint32(at, true);
  }

  /** An int64 that must be a length or a position: neither negative nor beyond what a number holds exactly. */
  int64(at: number): number {
    this.#check(at, 8);
    const high = this.#view.getInt32(at + 4, true);
    if (high < 0 || high > 0x1f_ffff) throw corrupt("a length is out of range");
    return high * 4294967296 + this.#view.getUint32(at, true);
  }

  #check(at: number, bytes: number): void {
    if (at < 0 || at + bytes > this.#bytes.length) throw corrupt("metadata refers beyond its end");
  }
}
