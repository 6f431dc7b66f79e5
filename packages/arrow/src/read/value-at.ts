import { hasBit } from "../bitmap.ts";
import type { Column, ColumnBatch } from "../column.ts";
import { unpackValue } from "../value/encode-value.ts";

/**
 * One row of a batch as a value. For single rows; `rowsOf` or code from `rowSource` reads many rows several times as fast.
 */
export function valueAt(batch: ColumnBatch, index: number): unknown {
  return valueIn(batch.column, index);
}

function valueIn(column: Column, i: number): unknown {
  if (column.undefinedBits !== undefined && hasBit(column.undefinedBits, i)) return undefined;
  if (column.validity !== undefined && !hasBit(column.validity, i)) return null;
  switch (column.kind) {
    case "null":
      return null;
    case "int32":
    case "float64":
    case "int64":
      return column.values[i];
    case "boolean":
      return hasBit(column.bits, i);
    case "timestamp":
      return new Date(Number(column.values[i]));
    case "utf8":
      return bufferOf(column.bytes).toString(
        column.ascii ? "latin1" : "utf8",
        column.offsets[i],
        column.offsets[i + 1],
      );
    case "binary":
      return new Uint8Array(column.bytes.subarray(column.offsets[i], column.offsets[i + 1]));
    case "vector":
      return column.values.slice(column.offsets[i], column.offsets[i + 1]);
    case "any":
      return unpackValue(column.bytes, column.offsets[i]!, column.offsets[i + 1]!);
    case "tuple":
      return column.children.map((child) => valueIn(child, i));
    case "object": {
      const object: Record<string, unknown> = {};
      column.names.forEach((name, k) => {
        const value = valueIn(column.children[k]!, i);
        if (name === "__proto__")
          Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
        else object[name] = value;
      });
      return object;
    }
    case "list": {
      const list: unknown[] = [];
      const end = column.offsets[i + 1]!;
      for (let k = column.offsets[i]!; k < end; k++) list.push(valueIn(column.child, k));
      return list;
    }
  }
}

/** The same bytes as a Buffer, for its readers of strings. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
