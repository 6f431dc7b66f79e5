import { rowsOf, type Column, type ColumnOf } from "@gloam/arrow";

type Utf8 = ColumnOf<"utf8">;

/** Values in the order of arrival, in the most compact form that all of them allow. */
export type StoredValues =
  | { readonly kind: "numbers"; readonly values: Float64Array }
  | { readonly kind: "column"; readonly column: Utf8 }
  | { readonly kind: "any"; readonly values: readonly unknown[] };

/** Collects the value columns of batches: numbers and texts stay in columns, anything else becomes JavaScript values. */
export class ValueStore {
  #length = 0;
  #numbers: Float64Array | undefined = new Float64Array(1024);
  #texts: { readonly column: Utf8; readonly length: number }[] | undefined = [];
  #values: unknown[] = [];

  /** Takes a column of so many values. */
  add(column: Column, length: number): void {
    const plain = column.validity === undefined && column.undefinedBits === undefined;
    if (plain && this.#numbers !== undefined && (column.kind === "float64" || column.kind === "int32")) {
      this.#texts = undefined;
      this.#addNumbers(this.#numbers, column.values, length);
    } else if (plain && this.#texts !== undefined && column.kind === "utf8") {
      this.#numbers = undefined;
      this.#texts.push({ column, length });
    } else {
      this.#decode();
      for (const value of rowsOf({ length, column })) this.#values.push(value);
    }
    this.#length += length;
  }

  /** Takes one value of any kind. */
  addValue(value: unknown): void {
    this.#decode();
    this.#values.push(value);
    this.#length++;
  }

  /** All values. */
  finish(): StoredValues {
    if (this.#numbers !== undefined) return { kind: "numbers", values: this.#numbers.subarray(0, this.#length) };
    const column = this.#texts === undefined ? undefined : concatenated(this.#texts);
    if (column !== undefined) return { kind: "column", column };
    this.#decode();
    return { kind: "any", values: this.#values };
  }

  #addNumbers(numbers: Float64Array, values: Float64Array | Int32Array, length: number): void {
    let target = numbers;
    if (this.#length + length > target.length) {
      target = new Float64Array(Math.max(target.length * 2, this.#length + length));
      target.set(numbers);
      this.#numbers = target;
    }
    const at = this.#length;
    for (let i = 0; i < length; i++) target[at + i] = values[i]!;
  }

  #decode(): void {
    if (this.#numbers !== undefined) this.#values = Array.from(this.#numbers.subarray(0, this.#length));
    this.#numbers = undefined;
    for (const { column, length } of this.#texts ?? []) {
      for (const value of rowsOf({ length, column })) this.#values.push(value);
    }
    this.#texts = undefined;
  }
}

/** One column of several; undefined where it would be too large. */
function concatenated(pieces: readonly { readonly column: Utf8; readonly length: number }[]): Utf8 | undefined {
  let rows = 0;
  let size = 0;
  for (const { column, length } of pieces) {
    rows += length;
    size += column.bytes.byteLength;
  }
  if (size > 0x7fff_ffff) return undefined;
  const offsets = new Int32Array(rows + 1);
  const bytes = new Uint8Array(size);
  let row = 0;
  let end = 0;
  for (const { column, length } of pieces) {
    for (let i = 1; i <= length; i++) offsets[row + i] = end + column.offsets[i]!;
    bytes.set(column.bytes, end);
    row += length;
    end += column.bytes.byteLength;
  }
  return { kind: "utf8", offsets, bytes, ascii: pieces.every(({ column }) => column.ascii) };
}
