import type { ColumnOf } from "@gloam/arrow";

/**
 * Numbers as the narrowest Arrow column that gives them back exactly: int32 where all are 32-bit integers and none is -0.
 */
export function numberColumn(values: Float64Array): ColumnOf<"int32"> | ColumnOf<"float64"> {
  const integers = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const integer = value | 0;
    if (integer !== value || (integer === 0 && 1 / value < 0)) return { kind: "float64", values };
    integers[i] = integer;
  }
  return { kind: "int32", values: integers };
}
