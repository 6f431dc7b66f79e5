/** A field of a FlatBuffers table: its slot in the schema and its value. Values equal to the default are left out. */
export type FlatField =
  | { readonly slot: number; readonly type: "int8" | "int16" | "int32" | "int64"; readonly value: number }
  | { readonly slot: number; readonly type: "table"; readonly value: FlatTable }
  | { readonly slot: number; readonly type: "string"; readonly value: string }
  | { readonly slot: number; readonly type: "tables"; readonly value: readonly FlatTable[] }
  /** A vector of structs of two int64 each, as FieldNode and Buffer are. */
  | { readonly slot: number; readonly type: "pairs"; readonly value: ArrayLike<number> };

export type FlatTable = readonly FlatField[];

const sizes = { int8: 1, int16: 2, int32: 4, int64: 8, table: 4, string: 4, tables: 4, pairs: 4 } as const;

/**
 * Writes a FlatBuffers buffer front to back: a table, then what it refers to. Arrow's metadata is all that it has to
 * write, so it needs neither the generated classes nor the library, whose loading alone takes longer than a small task.
 */
export function writeFlatBuffer(root: FlatTable): Uint8Array {
  const writer = new FlatWriter();
  return writer.write(root);
}

class FlatWriter {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #end = 0;

  write(root: FlatTable): Uint8Array {
    this.#take(4, 4);
    const at = this.#table(root);
    this.#view.setUint32(0, at, true);
    this.#take(0, 8);
    return this.#bytes.slice(0, this.#end);
  }

  /** Reserves zeroed bytes and gives their offset. */
  #take(bytes: number, alignment: number): number {
    const at = Math.ceil(this.#end / alignment) * alignment;
    this.#end = at + bytes;
    if (this.#end > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#end);
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }

  #table(fields: FlatTable): number {
    // Largest first, so that nothing is lost to alignment.
    const ordered = [...fields].sort((a, b) => sizes[b.type] - sizes[a.type]);
    const slots = fields.reduce((most, field) => Math.max(most, field.slot + 1), 0);
    let size = 4;
    const offsets = new Map<FlatField, number>();
    for (const field of ordered) {
      size = Math.ceil(size / sizes[field.type]) * sizes[field.type];
      offsets.set(field, size);
      size += sizes[field.type];
    }
    const vtable = this.#take(4 + 2 * slots, 2);
    const table = this.#take(size, 8);
    this.#view.setUint16(vtable, 4 + 2 * slots, true);
    this.#view.setUint16(vtable + 2, size, true);
    this.#view.setInt32(table, table - vtable, true);
    for (const field of fields) this.#view.setUint16(vtable + 4 + 2 * field.slot, offsets.get(field)!, true);
    for (const field of fields) this.#field(field, table + offsets.get(field)!);
    return table;
  }

  #field(field: FlatField, at: number): void {
    switch (field.type) {
      case "int8":
        this.#view.setInt8(at, field.value);
        break;
      case "int16":
        this.#view.setInt16(at, field.value, true);
        break;
      case "int32":
        this.#view.setInt32(at, field.value, true);
        break;
      case "int64":
        this.#int64(at, field.value);
        break;
      case "table":
        this.#refer(at, this.#table(field.value));
        break;
      case "string":
        this.#refer(at, this.#string(field.value));
        break;
      case "tables": {
        const vector = this.#take(4 + 4 * field.value.length, 4);
        this.#view.setUint32(vector, field.value.length, true);
        this.#refer(at, vector);
        field.value.forEach((table, i) => this.#refer(vector + 4 + 4 * i, this.#table(table)));
        break;
      }
      case "pairs": {
        // The elements, not the length before them, lie at a multiple of 8.
        const vector = this.#take(0, 8) + 4;
        this.#take(8 + 8 * field.value.length, 8);
        this.#view.setUint32(vector, field.value.length / 2, true);
        this.#refer(at, vector);
        for (let i = 0; i < field.value.length; i++) this.#int64(vector + 4 + 8 * i, field.value[i]!);
        break;
      }
    }
  }

  #string(text: string): number {
    const bytes = Buffer.from(text);
    const at = this.#take(4 + bytes.length + 1, 4);
    this.#view.setUint32(at, bytes.length, true);
    this.#bytes.set(bytes, at + 4);
    return at;
  }

  #int64(at: number, value: number): void {
    this.#view.setInt32(at, value | 0, true);
    this.#view.setInt32(at + 4, Math.floor(value / 4294967296), true);
  }

  #refer(at: number, target: number): void {
    this.#view.setUint32(at, target - at, true);
  }
}
