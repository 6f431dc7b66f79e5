import type { Field, KeyValue } from "apache-arrow/fb/Schema_generated";
import { corrupt } from "../corrupt.ts";
import { bufferOf } from "../read/value-at.ts";
import { vectorClassNamed, type VectorClass } from "../vector-classes.ts";
import { extensionKey, extensionName, kindKey, rowsKey } from "./arrow-format.ts";
import { metadataClasses } from "./metadata-classes.ts";
import type { MessageReader } from "./message-reader.ts";
import type { RowType, TypeTree } from "./type-tree.ts";
import { isElementType } from "./vector-types.ts";

/** Types nested deeper are refused: reading is recursive. */
const deepestType = 64;

/** A table with metadata of its own. */
interface Annotated {
  customMetadataLength(): number;
  customMetadata(index: number): KeyValue | null;
}

/**
 * The rows that a schema message, the last that was opened, describes. Raises GLOAM_BLOCK_CORRUPT, also for types that no
 * column has.
 */
export function readSchema(message: MessageReader): RowType {
  return new SchemaReader(message.length).read(message);
}

class SchemaReader {
  readonly #arrow = metadataClasses();
  // A few bytes can refer to one table, or one text, again and again.
  #tables = 10_000;
  #bytes: number;

  constructor(length: number) {
    this.#bytes = 65_536 + 16 * length;
  }

  read(message: MessageReader): RowType {
    const schema = message.header(new this.#arrow.Schema());
    if (schema.endianness() !== this.#arrow.Endianness.Little) throw corrupt("big-endian blocks are not supported");
    const rows = this.#metadata(schema).get(rowsKey);
    const fields = this.#each(schema.fieldsLength(), (i) => this.#field(schema.fields(i)!, 0));
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

  #each<T>(length: number, read: (index: number) => T): T[] {
    if (length < 0 || (this.#tables -= length) < 0) throw corrupt("a schema is too large");
    return Array.from({ length }, (_, i) => read(i));
  }

  /** As bytes, since the library's decoder would take a byte order mark away. */
  #text(text: string | Uint8Array | null): string {
    if (!(text instanceof Uint8Array)) return "";
    if ((this.#bytes -= text.length) < 0) throw corrupt("a schema is too large");
    return bufferOf(text).toString("utf8");
  }

  #metadata(table: Annotated): Map<string, string> {
    return new Map(
      this.#each(table.customMetadataLength(), (i) => {
        const asBytes = this.#arrow.Encoding.UTF8_BYTES;
        const entry = table.customMetadata(i)!;
        return [this.#text(entry.key(asBytes)), this.#text(entry.value(asBytes))];
      }),
    );
  }

  #field(field: Field, depth: number): { name: string; type: TypeTree } {
    if (depth > deepestType) throw corrupt("a schema is too deep");
    const name = this.#text(field.name(this.#arrow.Encoding.UTF8_BYTES));
    if (field.dictionary() !== null) throw corrupt(`column '${name}': dictionaries are not supported`);
    const of = this.#vectorClass(field);
    if (of !== undefined) {
      if (field.childrenLength() !== 1 || !isElementType(field.children(0)!, of))
        throw corrupt(`column '${name}': not the elements of ${of}s`);
      return { name, type: { kind: "vector", nullable: field.nullable(), of } };
    }
    const children = this.#each(field.childrenLength(), (i) => this.#field(field.children(i)!, depth + 1));
    return { name, type: this.#type(field, name, children) };
  }

  /** Of lists that are typed arrays. */
  #vectorClass(field: Field): VectorClass | undefined {
    if (field.typeType() !== this.#arrow.Type.List) return undefined;
    return vectorClassNamed(this.#metadata(field).get(kindKey));
  }

  #type(field: Field, name: string, children: readonly { readonly name: string; readonly type: TypeTree }[]): TypeTree {
    const arrow = this.#arrow;
    const nullable = field.nullable();
    const types = children.map((child) => child.type);
    const unsupported = (what: string) => corrupt(`column '${name}': ${what} is not supported`);
    switch (field.typeType()) {
      case arrow.Type.Null:
        return { kind: "null", nullable: true };
      case arrow.Type.Int: {
        const int = field.type(new arrow.Int()) as InstanceType<typeof arrow.Int> | null;
        if (int?.isSigned() !== true) throw unsupported("an unsigned integer");
        if (int.bitWidth() === 32) return { kind: "int32", nullable };
        if (int.bitWidth() === 64) return { kind: "int64", nullable };
        throw unsupported(`an integer of ${int.bitWidth()} bits`);
      }
      case arrow.Type.FloatingPoint: {
        const float = field.type(new arrow.FloatingPoint()) as InstanceType<typeof arrow.FloatingPoint> | null;
        if (float?.precision() !== arrow.Precision.DOUBLE)
          throw unsupported("a floating-point number of other than 64 bits");
        return { kind: "float64", nullable };
      }
      case arrow.Type.Bool:
        return { kind: "boolean", nullable };
      case arrow.Type.Timestamp: {
        const timestamp = field.type(new arrow.Timestamp()) as InstanceType<typeof arrow.Timestamp> | null;
        if (timestamp?.unit() !== arrow.TimeUnit.MILLISECOND)
          throw unsupported("a timestamp of other than milliseconds");
        return { kind: "timestamp", nullable };
      }
      case arrow.Type.Utf8:
        return { kind: "utf8", nullable };
      case arrow.Type.Binary:
        return this.#metadata(field).get(extensionKey) === extensionName
          ? { kind: "any", nullable: false }
          : { kind: "binary", nullable };
      case arrow.Type.List:
        if (types.length !== 1) throw corrupt(`column '${name}': a list of ${types.length} columns`);
        return { kind: "list", nullable, child: types[0]! };
      case arrow.Type.Struct_: {
        const kind = this.#metadata(field).get(kindKey);
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
}
