import { isAscii } from "node:buffer";
import type { Column } from "../column.ts";
import type { Shape } from "../shape.ts";
import type { Vector } from "../vector-classes.ts";
import type { AppenderState } from "./appender.ts";

/**
 * The first `length` rows of an appender's state as columns. Where `handOver` says that the columns will outlive the
 * appender's use of the buffers, buffers that are mostly empty are copied rather than kept.
 */
export function assemble(shape: Shape, state: AppenderState, length: number, handOver: boolean): Column {
  let next = 0;

  function cut<A extends Cuttable<A>>(array: A, used: number): A {
    return handOver && 2 * used + 64 < array.length ? array.slice(0, used) : array.subarray(0, used);
  }

  function cutVector(name: string, used: number): Vector {
    // Whatever its class: `cut` asks for nothing that differs.
    return cut(state[name] as Float64Array, used);
  }

  /** A bitmap whose bits beyond the last row are zero. */
  function bitmapOf(bits: Uint8Array, rows: number): Uint8Array {
    const bytes = (rows + 7) >> 3;
    if ((rows & 7) !== 0) bits[bytes - 1]! &= (1 << (rows & 7)) - 1;
    return cut(bits, bytes);
  }

  function column(of: Shape, rows: number): Column {
    const id = next++;
    const bitmap = (name: string) => bitmapOf(state[name] as Uint8Array, rows);
    const validity = of.kind !== "null" && (of.nullable || of.undefinable) ? bitmap(`y${id}`) : undefined;
    const undefinedBits = of.undefinable ? bitmap(`u${id}`) : undefined;
    const absence = { validity, undefinedBits };
    const offsets = () => cut(state[`o${id}`] as Int32Array, rows + 1);
    const bytes = (ends: Int32Array) => cut(plainBytes(state[`x${id}`] as Uint8Array), ends[rows]!);
    switch (of.kind) {
      case "null":
        return undefinedBits === undefined ? { kind: "null" } : { kind: "null", undefinedBits };
      case "int32":
        return { ...absence, kind: "int32", values: cut(state[`v${id}`] as Int32Array, rows) };
      case "float64":
        return { ...absence, kind: "float64", values: cut(state[`v${id}`] as Float64Array, rows) };
      case "int64":
        return { ...absence, kind: "int64", values: cut(state[`v${id}`] as BigInt64Array, rows) };
      case "timestamp": {
        const halves = cut(state[`v${id}`] as Int32Array, 2 * rows);
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
      case "vector": {
        const ends = offsets();
        return { ...absence, kind: "vector", of: of.of, offsets: ends, values: cutVector(`v${id}`, ends[rows]!) };
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

/** As a Uint8Array proper, so that readers see one class whatever made the column. */
function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

interface Cuttable<A> {
  readonly length: number;
  slice(begin: number, end: number): A;
  subarray(begin: number, end: number): A;
}
