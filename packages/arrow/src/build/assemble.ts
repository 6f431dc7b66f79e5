import { isAscii } from "node:buffer";
import type { Column } from "../column.ts";
import type { Shape } from "../shape.ts";
import type { AppenderState } from "./appender.ts";

/** The first `length` rows of an appender's state as columns. */
export function assemble(shape: Shape, state: AppenderState, length: number): Column {
  let next = 0;

  function column(of: Shape, rows: number): Column {
    const id = next++;
    const bitmap = (name: string) => bytesOf(state[name] as Uint8Array, (rows + 7) >> 3, rows);
    const validity = of.kind !== "null" && (of.nullable || of.undefinable) ? bitmap(`y${id}`) : undefined;
    const undefinedBits = of.undefinable ? bitmap(`u${id}`) : undefined;
    const absence = { validity, undefinedBits };
    const offsets = () => (state[`o${id}`] as Int32Array).subarray(0, rows + 1);
    const bytes = (ends: Int32Array) => plainBytes(state[`x${id}`] as Uint8Array, ends[rows]!);
    switch (of.kind) {
      case "null":
        return undefinedBits === undefined ? { kind: "null" } : { kind: "null", undefinedBits };
      case "int32":
        return { ...absence, kind: "int32", values: (state[`v${id}`] as Int32Array).subarray(0, rows) };
      case "float64":
        return { ...absence, kind: "float64", values: (state[`v${id}`] as Float64Array).subarray(0, rows) };
      case "int64":
        return { ...absence, kind: "int64", values: (state[`v${id}`] as BigInt64Array).subarray(0, rows) };
      case "timestamp": {
        const halves = state[`v${id}`] as Int32Array;
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

/** A bitmap whose bits beyond the last row are zero. */
function bytesOf(bits: Uint8Array, bytes: number, rows: number): Uint8Array {
  if ((rows & 7) !== 0) bits[bytes - 1]! &= (1 << (rows & 7)) - 1;
  return bits.subarray(0, bytes);
}

/** As a Uint8Array proper, so that readers see one class whatever made the column. */
function plainBytes(bytes: Uint8Array, length: number): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, length);
}
