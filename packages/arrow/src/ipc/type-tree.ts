import type { Column, ColumnBatch } from "../column.ts";
import type { VectorClass } from "../vector-classes.ts";

/**
 * The type of a column as Arrow's schema can say it. `undefinable` wraps a type: on the wire it is a struct of the value
 * and a boolean.
 */
export type TypeTree = { readonly nullable: boolean } & (
  | { readonly kind: "null" | "int32" | "float64" | "int64" | "boolean" | "timestamp" | "utf8" | "binary" | "any" }
  | { readonly kind: "vector"; readonly of: VectorClass }
  | { readonly kind: "tuple"; readonly children: readonly TypeTree[] }
  | { readonly kind: "object"; readonly names: readonly string[]; readonly children: readonly TypeTree[] }
  | { readonly kind: "list"; readonly child: TypeTree }
  | { readonly kind: "undefinable"; readonly child: TypeTree }
);

/** What a record batch's fields are. */
export interface RowType {
  /** Whether the row is spread over the fields, or is the only field. */
  readonly spread: boolean;
  readonly type: TypeTree;
}

/** The type of a batch's rows. */
export function rowTypeOf(batch: ColumnBatch): RowType {
  const type = typeOf(batch.column);
  return { spread: (type.kind === "tuple" || type.kind === "object") && !type.nullable, type };
}

function typeOf(column: Column): TypeTree {
  if (column.undefinedBits !== undefined)
    return { kind: "undefinable", nullable: false, child: typeOf({ ...column, undefinedBits: undefined }) };
  const nullable = column.validity !== undefined || column.kind === "null";
  switch (column.kind) {
    case "tuple":
      return { kind: "tuple", nullable, children: column.children.map(typeOf) };
    case "object":
      return { kind: "object", nullable, names: column.names, children: column.children.map(typeOf) };
    case "list":
      return { kind: "list", nullable, child: typeOf(column.child) };
    case "vector":
      return { kind: "vector", nullable, of: column.of };
    default:
      return { kind: column.kind, nullable };
  }
}
