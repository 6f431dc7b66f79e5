import { isAscii } from "node:buffer";
import type { RecordBatch } from "apache-arrow/fb/Message_generated";
import { longestBytes, longestRows } from "../build/appender.ts";
import type { Column, ColumnBatch } from "../column.ts";
import { corrupt } from "../corrupt.ts";
import { sliceColumn, sliceOffsets } from "../select/slice.ts";
import { vectorOver, vectorWidth } from "../vector-classes.ts";
import { lengthOf, type MessageReader } from "./message-reader.ts";
import { metadataClasses } from "./metadata-classes.ts";
import type { RowType, TypeTree } from "./type-tree.ts";

/** Bytes of a `FieldNode` and of a `Buffer`. */
const structSize = 16;

/** The columns of a record batch, the message that is open, whose body lies at `body` in `bytes`. */
export function readRecordBatch(
  message: MessageReader,
  rows: RowType,
  bytes: Uint8Array,
  body: number,
  bodyLength: number,
): ColumnBatch {
  const { RecordBatch } = metadataClasses();
  const header = message.header(new RecordBatch());
  if (header.compression() !== null) throw corrupt("compressed blocks are not supported");
  const length = lengthOf(header.length());
  if (length > longestRows) throw corrupt("a batch is too long");
  const columns = new ColumnReader(message, header, bytes, body, bodyLength);
  const column = rows.spread ? columns.spread(rows.type, length) : columns.column(rows.type, length);
  columns.end();
  return { length, column };
}

class ColumnReader {
  readonly #message: MessageReader;
  readonly #bytes: Uint8Array;
  readonly #body: number;
  readonly #bodyLength: number;
  #node: number;
  readonly #nodesEnd: number;
  #buffer: number;
  readonly #buffersEnd: number;

  constructor(message: MessageReader, header: RecordBatch, bytes: Uint8Array, body: number, bodyLength: number) {
    this.#message = message;
    this.#bytes = bytes;
    this.#body = body;
    this.#bodyLength = bodyLength;
    // Where the structs of a vector lie, one after the other; they are read in place.
    this.#node = header.nodes(0)?.bb_pos ?? 0;
    this.#nodesEnd = this.#node + structSize * countOf(header.nodesLength(), message);
    this.#buffer = header.buffers(0)?.bb_pos ?? 0;
    this.#buffersEnd = this.#buffer + structSize * countOf(header.buffersLength(), message);
  }

  end(): void {
    if (this.#node !== this.#nodesEnd || this.#buffer !== this.#buffersEnd)
      throw corrupt("a batch has more columns than its schema");
  }

  /** A root whose fields are the batch's own. */
  spread(type: TypeTree, length: number): Column {
    if (type.kind === "tuple")
      return { kind: "tuple", children: type.children.map((child) => this.column(child, length)) };
    if (type.kind !== "object") throw corrupt("a batch lacks its columns");
    const children = type.children.map((child) => this.column(child, length));
    return { kind: "object", names: type.names, children };
  }

  column(type: TypeTree, length: number): Column {
    return this.#column(type, this.#nextNode(length), length);
  }

  #column(type: TypeTree, nulls: number, length: number): Column {
    if (type.kind === "null") return { kind: "null" };
    const bitmap = this.#nextBuffer();
    if (bitmap.length === 0 && nulls > 0) throw corrupt("a column with nulls has no validity");
    // Writers may leave the bitmap out where nothing is null, or write it.
    const validity = bitmap.length > 0 && (type.nullable || nulls > 0) ? firstBits(bitmap, length) : undefined;
    switch (type.kind) {
      case "undefinable": {
        const value = this.column(type.child, length);
        this.#nextNode(length);
        this.#nextBuffer();
        return { ...value, undefinedBits: firstBits(this.#nextBuffer(), length) };
      }
      case "int32": {
        const bytes = this.#nextValues(length, 4);
        return { kind: "int32", validity, values: new Int32Array(bytes.buffer, bytes.byteOffset, length) };
      }
      case "float64": {
        const bytes = this.#nextValues(length, 8);
        return { kind: "float64", validity, values: new Float64Array(bytes.buffer, bytes.byteOffset, length) };
      }
      case "int64":
      case "timestamp": {
        const bytes = this.#nextValues(length, 8);
        return { kind: type.kind, validity, values: new BigInt64Array(bytes.buffer, bytes.byteOffset, length) };
      }
      case "boolean":
        return { kind: "boolean", validity, bits: firstBits(this.#nextBuffer(), length) };
      case "utf8": {
        const { offsets, bytes } = this.#nextBytes(length);
        return { kind: "utf8", validity, offsets, bytes, ascii: isAscii(bytes) };
      }
      case "binary":
        return { kind: "binary", validity, ...this.#nextBytes(length) };
      case "any":
        if (nulls > 0) throw corrupt("a column of MessagePack values has nulls");
        return { kind: "any", ...this.#nextBytes(length) };
      case "vector": {
        const raw = this.#nextOffsets(length);
        // As many as there are bytes for: no row is made for each.
        const { nulls: absent, length: childLength } = this.#nextAnyNode(longestBytes);
        this.#nextBuffer();
        if (absent > 0) throw corrupt("a typed array has nulls");
        const end = raw[length]!;
        if (end > childLength) throw corrupt("a typed array ends beyond its elements");
        const width = vectorWidth(type.of);
        if (end * width > longestBytes) throw corrupt("a column is too long");
        const { buffer, byteOffset } = this.#nextValues(childLength, width);
        const values = vectorOver(type.of, buffer, byteOffset, childLength).subarray(raw[0], end);
        return { kind: "vector", validity, of: type.of, offsets: sliceOffsets(raw, 0, length), values };
      }
      case "list": {
        const raw = this.#nextOffsets(length);
        const { nulls: childNulls, length: childLength } = this.#nextAnyNode();
        const begin = raw[0]!;
        const end = raw[length]!;
        if (end > childLength) throw corrupt("a list ends beyond its elements");
        const child = this.#column(type.child, childNulls, childLength);
        return {
          kind: "list",
          validity,
          offsets: sliceOffsets(raw, 0, length),
          child: begin === 0 && end === childLength ? child : sliceColumn(child, begin, end),
        };
      }
      case "tuple":
        return { kind: "tuple", validity, children: type.children.map((child) => this.column(child, length)) };
      case "object": {
        const children = type.children.map((child) => this.column(child, length));
        return { kind: "object", validity, names: type.names, children };
      }
    }
  }

  /** The next column's number of nulls; its length has to be that. */
  #nextNode(length: number): number {
    const node = this.#nextAnyNode();
    if (node.length !== length) throw corrupt("columns of one batch differ in length");
    return node.nulls;
  }

  #nextAnyNode(longest = longestRows): { length: number; nulls: number } {
    if (this.#node >= this.#nodesEnd) throw corrupt("a batch lacks columns of its schema");
    const length = this.#message.int64(this.#node);
    const nulls = this.#message.int64(this.#node + 8);
    this.#node += structSize;
    if (length > longest) throw corrupt("a column is too long");
    return { length, nulls };
  }

  #nextBuffer(): Uint8Array {
    if (this.#buffer >= this.#buffersEnd) throw corrupt("a batch lacks buffers of its schema");
    const offset = this.#message.int64(this.#buffer);
    const length = this.#message.int64(this.#buffer + 8);
    this.#buffer += structSize;
    if (offset % 8 !== 0 || offset + length > this.#bodyLength) throw corrupt("a buffer lies outside its body");
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + this.#body + offset, length);
  }

  #nextValues(length: number, size: number): Uint8Array {
    const bytes = this.#nextBuffer();
    if (bytes.length < length * size) throw corrupt("a column has fewer values than rows");
    return bytes;
  }

  /** Offsets that never decrease. */
  #nextOffsets(length: number): Int32Array {
    const buffer = this.#nextBuffer();
    // Writers may leave out the only offset of an empty column.
    if (length === 0 && buffer.length === 0) return new Int32Array(1);
    if (buffer.length < (length + 1) * 4) throw corrupt("a column has fewer offsets than rows");
    const offsets = new Int32Array(buffer.buffer, buffer.byteOffset, length + 1);
    let previous = 0;
    for (let i = 0; i <= length; i++) {
      const offset = offsets[i]!;
      if (offset < previous) throw corrupt("a column's offsets decrease");
      previous = offset;
    }
    return offsets;
  }

  #nextBytes(length: number): { offsets: Int32Array; bytes: Uint8Array } {
    const raw = this.#nextOffsets(length);
    const bytes = this.#nextBuffer();
    const begin = raw[0]!;
    const end = raw[length]!;
    if (end > bytes.length) throw corrupt("a column's offsets lead beyond its bytes");
    return { offsets: sliceOffsets(raw, 0, length), bytes: bytes.subarray(begin, end) };
  }
}

/** The length of a vector that fits the message. */
function countOf(length: number, message: MessageReader): number {
  if (length < 0 || length * structSize > message.length) throw corrupt("metadata refers beyond its end");
  return length;
}

function firstBits(bitmap: Uint8Array, length: number): Uint8Array {
  const bytes = (length + 7) >> 3;
  if (bitmap.length < bytes) throw corrupt("a bitmap is shorter than its column");
  return bitmap.subarray(0, bytes);
}
