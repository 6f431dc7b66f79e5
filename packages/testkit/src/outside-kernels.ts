import type { Batch, ColumnKernel, RowKernel } from "@gloam/plan";

/** A row kernel of a package that the executor does not know: pairs each element with its number within the partition. */
export const numberedRows: RowKernel = {
  kind: "row",
  emit(code) {
    const next = code.variable("0");
    code.output(`[${next}++, ${code.value}]`);
  },
};

/** A column kernel of a package that the executor does not know: multiplies number columns by `data`. */
export const scaledColumns: ColumnKernel = {
  kind: "column",
  transform(batch, { data }): Batch {
    const column = batch.columns?.column;
    if (column?.kind !== "int32" && column?.kind !== "float64") throw new TypeError("expected a column of numbers");
    const values = Float64Array.from(column.values.subarray(0, batch.length), (value) => value * Number(data));
    return { length: batch.length, columns: { length: batch.length, column: { kind: "float64", values } } };
  },
};
