import { isAscii } from "node:buffer";
import type { Column } from "../column.ts";
import type { Shape } from "../shape.ts";

type Buffers = Readonly<Record<string, ArrayBufferView>>;

/**
 * The columns that an appender's buffers hold. Numbers become int32 where they all are: `floats[id]` remembers the
 * columns that had others before, so that a builder's batches do not alternate.
 */
export function assemble(shape: Shape, buffers: Buffers, length: number, floats: boolean[]): Column {
  let next = 0;

  function column(of: Shape, rows: number): Column {
    const id = next++;
    const bitmap = (name: string) => bytesOf(buffers[name] as Uint8Array, (rows + 7) >> 3, rows);
    const validity = of.kind !== "null" && (of.nullable || of.undefinable) ? bitmap(`y${id}`) : undefined;
    const undefinedBits = of.undefinable ? bitmap(`u${id}`) : undefined;
    const absence = { validity, undefinedBits };
    const offsets = () => (buffers[`o${id}`] as Int32Array).subarray(0, rows + 1);
    const bytes = (ends: Int32Array) => plainBytes(buffers[`x${id}`] as Uint8Array, ends[rows]!);
    switch (of.kind) {
      case "null":
        return undefinedBits === undefined ? { kind: "null" } : { kind: "null", undefinedBits };
      case "number": {
        const values = (buffers[`v${id}`] as Float64Array).subarray(0, rows);
        const integers = floats[id] === true ? undefined : integersOf(values);
        if (integers !== undefined) return { ...absence, kind: "int32", values: integers };
        floats[id] = true;
        return { ...absence, kind: "float64", values };
      }
      case "int64":
        return { ...absence, kind: "int64", values: (buffers[`v${id}`] as BigInt64Array).subarray(0, rows) };
      case "timestamp": {
        const halves = buffers[`v${id}`] as Int32Array;
        return { ...absence, kind: "timestamp", values: new BigInt64Array(halves.buffer, halves.byteOffset, rows) };
      }
      case "boolean":
        return { ...absence, kind: "boolean", bits: bitmap(`b${id}`) };
      case "utf8": {
        const ends = offsets();
        const text = bytes(ends);
        return { ...absence, kind: "utf8", offsets: ends, bytes: text, ascii: isAscii(text) };
      }
      case "binary":
      case "any": {
        const ends = offsets();
        return { ...absence, kind: of.kind, offsets: ends, bytes: bytes(ends) };
      }
      case "list": {
        const ends = offsets();
        return { ...absence, kind: "list", offsets: ends, child: column(of.child, ends[rows]!) };
      }
      case "tuple":
        return { ...absence, kind: "tuple", children: of.children.map((child) => column(child, rows)) };
      case "object":
        return {
          ...absence,
          kind: "object",
          names: of.names,
          children: of.children.map((child) => column(child, rows)),
        };
    }
  }

  return column(shape, length);
}

/** The values as int32, or undefined where one is a fraction, too large, NaN or -0. */
function integersOf(values: Float64Array): Int32Array | undefined {
  const length = values.length;
  const integers = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    const integer = value | 0;
    if (integer !== value || (integer === 0 && 1 / value < 0)) return undefined;
    integers[i] = integer;
  }
  return integers;
}

/** A bitmap whose bits beyond the last row are zero. */
function bytesOf(bits: Uint8Array, bytes: number, rows: number): Uint8Array {
  if ((rows & 7) !== 0) bits[bytes - 1]! &= (1 << (rows & 7)) - 1;
  return bits.subarray(0, bytes);
}

/** As a Uint8Array proper, so that readers see one class whatever made the column. */
function plainBytes(bytes: Uint8Array, length: number): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, length);
}
