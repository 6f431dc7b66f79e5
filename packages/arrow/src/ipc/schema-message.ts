import { corrupt } from "../corrupt.ts";
import {
  arrowType,
  doublePrecision,
  extensionKey,
  extensionName,
  kindKey,
  messageHeader,
  metadataVersion,
  millisecond,
  rowsKey,
} from "./arrow-format.ts";
import type { FlatReader } from "./flat-reader.ts";
import { writeFlatBuffer, type FlatField, type FlatTable } from "./flat-writer.ts";
import type { RowType, TypeTree } from "./type-tree.ts";

/** Types nested deeper are refused: reading is recursive. */
const deepestType = 64;

/** The metadata of a schema message. */
export function writeSchema(rows: RowType): Uint8Array {
  const { type } = rows;
  const spread = rows.spread && (type.kind === "tuple" || type.kind === "object");
  const fields = spread ? childFields(type) : [fieldOf("value", type)];
  const schema: FlatTable = [
    { slot: 1, type: "tables", value: fields },
    metadata(2, [[rowsKey, spread ? type.kind : "value"]]),
  ];
  return writeFlatBuffer([
    { slot: 0, type: "int16", value: metadataVersion },
    { slot: 1, type: "int8", value: messageHeader.schema },
    { slot: 2, type: "table", value: schema },
    { slot: 3, type: "int64", value: 0 },
  ]);
}

function childFields(type: TypeTree): FlatTable[] {
  switch (type.kind) {
    case "tuple":
      return type.children.map((child, i) => fieldOf(String(i), child));
    case "object":
      return type.children.map((child, i) => fieldOf(type.names[i]!, child));
    case "list":
      return [fieldOf("item", type.child)];
    case "undefinable":
      return [fieldOf("value", type.child), fieldOf("undefined", { kind: "boolean", nullable: false })];
    default:
      return [];
  }
}

function fieldOf(name: string, type: TypeTree): FlatTable {
  const [code, parameters] = arrowTypeOf(type);
  const fields: FlatField[] = [
    { slot: 0, type: "string", value: name },
    { slot: 1, type: "int8", value: type.nullable ? 1 : 0 },
    { slot: 2, type: "int8", value: code },
    { slot: 3, type: "table", value: parameters },
    { slot: 5, type: "tables", value: childFields(type) },
  ];
  if (type.kind === "tuple" || type.kind === "undefinable") fields.push(metadata(6, [[kindKey, type.kind]]));
  if (type.kind === "any") fields.push(metadata(6, [[extensionKey, extensionName]]));
  return fields;
}

function metadata(slot: number, entries: readonly (readonly [string, string])[]): FlatField {
  const value = entries.map(([key, text]): FlatTable => [
    { slot: 0, type: "string", value: key },
    { slot: 1, type: "string", value: text },
  ]);
  return { slot, type: "tables", value };
}

function arrowTypeOf(type: TypeTree): [number, FlatTable] {
  switch (type.kind) {
    case "null":
      return [arrowType.null, []];
    case "int32":
      return [arrowType.int, integer(32)];
    case "int64":
      return [arrowType.int, integer(64)];
    case "float64":
      return [arrowType.floatingPoint, [{ slot: 0, type: "int16", value: doublePrecision }]];
    case "boolean":
      return [arrowType.bool, []];
    case "timestamp":
      return [
        arrowType.timestamp,
        [
          { slot: 0, type: "int16", value: millisecond },
          { slot: 1, type: "string", value: "UTC" },
        ],
      ];
    case "utf8":
      return [arrowType.utf8, []];
    case "binary":
    case "any":
      return [arrowType.binary, []];
    case "tuple":
    case "object":
    case "undefinable":
      return [arrowType.struct, []];
    case "list":
      return [arrowType.list, []];
  }
}

function integer(bits: number): FlatTable {
  return [
    { slot: 0, type: "int32", value: bits },
    { slot: 1, type: "int8", value: 1 },
  ];
}

/** The rows that a schema message, at `schema`, describes. Raises GLOAM_BLOCK_CORRUPT, also for types that no column has. */
export function readSchema(reader: FlatReader, schema: number): RowType {
  if (reader.int16Field(schema, 0, 0) !== 0) throw corrupt("big-endian blocks are not supported");
  const rows = readMetadata(reader, schema, 2).get(rowsKey);
  const budget = { fields: 10_000 };
  const fields = reader.tablesField(schema, 1).map((field) => readField(reader, field, 0, budget));
  if (rows === "value") {
    if (fields.length !== 1) throw corrupt("a block of single values has several columns");
    return { spread: false, type: fields[0]!.type };
  }
  const children = fields.map((field) => field.type);
  if (rows === "tuple") return { spread: true, type: { kind: "tuple", nullable: false, children } };
  return {
    spread: true,
    type: { kind: "object", nullable: false, names: fields.map((field) => field.name), children },
  };
}

function readField(
  reader: FlatReader,
  field: number,
  depth: number,
  budget: { fields: number },
): { name: string; type: TypeTree } {
  // A few bytes can refer to one table again and again.
  if (depth > deepestType || budget.fields-- === 0) throw corrupt("a schema is too large");
  const name = reader.stringField(field, 0);
  const nullable = reader.int8Field(field, 1, 0) !== 0;
  if (reader.field(field, 4) !== 0) throw corrupt(`column '${name}': dictionaries are not supported`);
  const children = reader.tablesField(field, 5).map((child) => readField(reader, child, depth + 1, budget));
  const type = typeOf(reader, field, name, nullable, children);
  return { name, type };
}

function typeOf(
  reader: FlatReader,
  field: number,
  name: string,
  nullable: boolean,
  children: readonly { readonly name: string; readonly type: TypeTree }[],
): TypeTree {
  const parameters = reader.tableField(field, 3) ?? 0;
  const types = children.map((child) => child.type);
  const unsupported = (what: string) => corrupt(`column '${name}': ${what} is not supported`);
  switch (reader.int8Field(field, 2, 0)) {
    case arrowType.null:
      return { kind: "null", nullable: true };
    case arrowType.int: {
      const bits = parameters === 0 ? 0 : reader.int32Field(parameters, 0, 0);
      if (parameters === 0 || reader.int8Field(parameters, 1, 0) === 0) throw unsupported("an unsigned integer");
      if (bits === 32) return { kind: "int32", nullable };
      if (bits === 64) return { kind: "int64", nullable };
      throw unsupported(`an integer of ${bits} bits`);
    }
    case arrowType.floatingPoint:
      if (parameters === 0 || reader.int16Field(parameters, 0, 0) !== doublePrecision)
        throw unsupported("a floating-point number of other than 64 bits");
      return { kind: "float64", nullable };
    case arrowType.bool:
      return { kind: "boolean", nullable };
    case arrowType.timestamp:
      if (parameters === 0 || reader.int16Field(parameters, 0, 0) !== millisecond)
        throw unsupported("a timestamp of other than milliseconds");
      return { kind: "timestamp", nullable };
    case arrowType.utf8:
      return { kind: "utf8", nullable };
    case arrowType.binary:
      return readMetadata(reader, field, 6).get(extensionKey) === extensionName
        ? { kind: "any", nullable: false }
        : { kind: "binary", nullable };
    case arrowType.list:
      if (types.length !== 1) throw corrupt(`column '${name}': a list of ${types.length} columns`);
      return { kind: "list", nullable, child: types[0]! };
    case arrowType.struct: {
      const kind = readMetadata(reader, field, 6).get(kindKey);
      if (kind === "tuple") return { kind: "tuple", nullable, children: types };
      if (kind !== "undefinable")
        return { kind: "object", nullable, names: children.map((child) => child.name), children: types };
      if (types.length !== 2 || types[1]!.kind !== "boolean" || types[0]!.kind === "undefinable" || nullable)
        throw corrupt(`column '${name}': not a value and a bit`);
      return { kind: "undefinable", nullable: false, child: types[0]! };
    }
    default:
      throw unsupported("its type");
  }
}

function readMetadata(reader: FlatReader, table: number, slot: number): Map<string, string> {
  return new Map(
    reader.tablesField(table, slot).map((entry) => [reader.stringField(entry, 0), reader.stringField(entry, 1)]),
  );
}
