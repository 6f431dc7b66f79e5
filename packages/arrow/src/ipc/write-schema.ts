import type { Type } from "apache-arrow/fb/Schema_generated";
import type { Builder, Offset } from "flatbuffers";
import { extensionKey, extensionName, kindKey, rowsKey } from "./arrow-format.ts";
import { metadataClasses } from "./metadata-classes.ts";
import type { RowType, TypeTree } from "./type-tree.ts";
import { writeElementType } from "./vector-types.ts";

/** The metadata of a schema message; its length is a multiple of 8. */
export function writeSchema(rows: RowType): Uint8Array {
  const { Builder, Message, MessageHeader, MetadataVersion, Schema } = metadataClasses();
  const builder = new Builder();
  const { type } = rows;
  const spread = rows.spread && (type.kind === "tuple" || type.kind === "object");
  const fields = Schema.createFieldsVector(
    builder,
    spread ? writeChildren(builder, type) : [writeField(builder, "value", type)],
  );
  const metadata = Schema.createCustomMetadataVector(builder, [
    writeEntry(builder, rowsKey, spread ? type.kind : "value"),
  ]);
  Schema.startSchema(builder);
  Schema.addFields(builder, fields);
  Schema.addCustomMetadata(builder, metadata);
  const schema = Schema.endSchema(builder);
  builder.finish(Message.createMessage(builder, MetadataVersion.V5, MessageHeader.Schema, schema, 0n, 0));
  return paddedBytes(builder);
}

/** What a builder has written, as much longer as makes a multiple of 8. */
export function paddedBytes(builder: Builder): Uint8Array {
  const bytes = builder.asUint8Array();
  const padded = new Uint8Array((bytes.length + 7) & ~7);
  padded.set(bytes);
  return padded;
}

function writeChildren(builder: Builder, type: TypeTree): Offset[] {
  switch (type.kind) {
    case "tuple":
      return type.children.map((child, i) => writeField(builder, String(i), child));
    case "object":
      return type.children.map((child, i) => writeField(builder, type.names[i]!, child));
    case "list":
      return [writeField(builder, "item", type.child)];
    case "vector":
      return [writeTable(builder, "item", false, writeElementType(builder, type.of), [], undefined)];
    case "undefinable":
      return [
        writeField(builder, "value", type.child),
        writeField(builder, "undefined", { kind: "boolean", nullable: false }),
      ];
    default:
      return [];
  }
}

function writeField(builder: Builder, name: string, type: TypeTree): Offset {
  const children = writeChildren(builder, type);
  return writeTable(builder, name, type.nullable, writeType(builder, type), children, writeMark(builder, type));
}

/** The metadata that tells what Arrow's type does not. */
function writeMark(builder: Builder, type: TypeTree): Offset | undefined {
  switch (type.kind) {
    case "tuple":
    case "undefinable":
      return writeEntry(builder, kindKey, type.kind);
    case "vector":
      return writeEntry(builder, kindKey, type.of);
    case "any":
      return writeEntry(builder, extensionKey, extensionName);
    default:
      return undefined;
  }
}

function writeTable(
  builder: Builder,
  name: string,
  nullable: boolean,
  [typeType, parameters]: [Type, Offset],
  childrenAt: Offset[],
  entry: Offset | undefined,
): Offset {
  const { Field } = metadataClasses();
  // A table is written after what it refers to. Other readers want the children, also where there are none.
  const children = Field.createChildrenVector(builder, childrenAt);
  const metadata = entry === undefined ? undefined : Field.createCustomMetadataVector(builder, [entry]);
  const nameAt = builder.createString(name);
  Field.startField(builder);
  Field.addName(builder, nameAt);
  Field.addNullable(builder, nullable);
  Field.addTypeType(builder, typeType);
  Field.addType(builder, parameters);
  Field.addChildren(builder, children);
  if (metadata !== undefined) Field.addCustomMetadata(builder, metadata);
  return Field.endField(builder);
}

function writeEntry(builder: Builder, key: string, value: string): Offset {
  const { KeyValue } = metadataClasses();
  return KeyValue.createKeyValue(builder, builder.createString(key), builder.createString(value));
}

function writeType(builder: Builder, type: TypeTree): [Type, Offset] {
  const arrow = metadataClasses();
  switch (type.kind) {
    case "null":
      return [arrow.Type.Null, arrow.Null.createNull(builder)];
    case "int32":
      return [arrow.Type.Int, arrow.Int.createInt(builder, 32, true)];
    case "int64":
      return [arrow.Type.Int, arrow.Int.createInt(builder, 64, true)];
    case "float64":
      return [arrow.Type.FloatingPoint, arrow.FloatingPoint.createFloatingPoint(builder, arrow.Precision.DOUBLE)];
    case "boolean":
      return [arrow.Type.Bool, arrow.Bool.createBool(builder)];
    case "timestamp": {
      const zone = builder.createString("UTC");
      return [arrow.Type.Timestamp, arrow.Timestamp.createTimestamp(builder, arrow.TimeUnit.MILLISECOND, zone)];
    }
    case "utf8":
      return [arrow.Type.Utf8, arrow.Utf8.createUtf8(builder)];
    case "binary":
    case "any":
      return [arrow.Type.Binary, arrow.Binary.createBinary(builder)];
    case "tuple":
    case "object":
    case "undefinable":
      return [arrow.Type.Struct_, arrow.Struct_.createStruct_(builder)];
    case "list":
    case "vector":
      return [arrow.Type.List, arrow.List.createList(builder)];
  }
}
