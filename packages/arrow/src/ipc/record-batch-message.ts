import { GloamError } from "@gloam/common";
import { countOnes } from "../bitmap.ts";
import { longestRows } from "../build/appender.ts";
import type { Column, ColumnBatch } from "../column.ts";
import { continuation } from "./arrow-format.ts";
import { metadataClasses } from "./metadata-classes.ts";
import { rowTypeOf } from "./type-tree.ts";
import { paddedBytes } from "./write-schema.ts";

/** FlatBuffers' numbers of the fields `Message.bodyLength` and `RecordBatch.length`: apache-arrow's classes give values only. */
const bodyLengthField = 10;
const lengthField = 4;

/** The metadata of record batches of one number of nodes and buffers: all alike but for the numbers. */
interface RecordBatchTemplate {
  readonly bytes: Uint8Array;
  /** Where the numbers stand, each an int64: body length, rows, the first node's, the first buffer's. */
  readonly bodyLength: number;
  readonly rows: number;
  readonly nodes: number;
  readonly buffers: number;
}

const templates = new Map<number, RecordBatchTemplate>();

/** A template to be copied and filled in: FlatBuffers are laid out once for each shape of batch. */
function recordBatchTemplate(nodes: number, buffers: number): RecordBatchTemplate {
  const key = nodes * 65536 + buffers;
  let template = templates.get(key);
  if (template === undefined) templates.set(key, (template = makeTemplate(nodes, buffers)));
  return template;
}

function makeTemplate(nodes: number, buffers: number): RecordBatchTemplate {
  const arrow = metadataClasses();
  const builder = new arrow.Builder();
  // A zero is written where a number will stand.
  builder.forceDefaults(true);
  arrow.RecordBatch.startBuffersVector(builder, buffers);
  for (let i = 0; i < buffers; i++) arrow.Buffer.createBuffer(builder, 0n, 0n);
  const buffersAt = builder.endVector();
  arrow.RecordBatch.startNodesVector(builder, nodes);
  for (let i = 0; i < nodes; i++) arrow.FieldNode.createFieldNode(builder, 0n, 0n);
  const nodesAt = builder.endVector();
  arrow.RecordBatch.startRecordBatch(builder);
  arrow.RecordBatch.addLength(builder, 0n);
  arrow.RecordBatch.addNodes(builder, nodesAt);
  arrow.RecordBatch.addBuffers(builder, buffersAt);
  const header = arrow.RecordBatch.endRecordBatch(builder);
  arrow.Message.startMessage(builder);
  arrow.Message.addVersion(builder, arrow.MetadataVersion.V5);
  arrow.Message.addHeaderType(builder, arrow.MessageHeader.RecordBatch);
  arrow.Message.addHeader(builder, header);
  arrow.Message.addBodyLength(builder, 0n);
  builder.finish(arrow.Message.endMessage(builder));
  const bytes = paddedBytes(builder);
  const at = new arrow.ByteBuffer(bytes);
  const message = arrow.Message.getRootAsMessage(at);
  const batch = message.header(new arrow.RecordBatch()) as InstanceType<typeof arrow.RecordBatch>;
  return {
    bytes,
    bodyLength: message.bb_pos + at.__offset(message.bb_pos, bodyLengthField),
    rows: batch.bb_pos + at.__offset(batch.bb_pos, lengthField),
    nodes: batch.nodes(0)!.bb_pos,
    buffers: batch.buffers(0)!.bb_pos,
  };
}

/** A record batch as a message of a stream: first its buffers are found and measured, then written. */
export class RecordBatchMessage {
  /** With prefix, metadata and body; a multiple of 8. */
  readonly byteLength: number;
  readonly #rows: number;
  /** Length and number of nulls of each column. */
  readonly #nodes: number[] = [];
  readonly #buffers: Uint8Array[] = [];
  readonly #bodyLength: number;
  readonly #template: RecordBatchTemplate;

  constructor(batch: ColumnBatch) {
    const { column, length } = batch;
    this.#rows = length;
    if ((column.kind === "tuple" || column.kind === "object") && rowTypeOf(batch).spread)
      for (const child of column.children) this.#add(child, length);
    else this.#add(column, length);
    let bodyLength = 0;
    for (const buffer of this.#buffers) bodyLength += (buffer.length + 7) & ~7;
    this.#bodyLength = bodyLength;
    this.#template = recordBatchTemplate(this.#nodes.length / 2, this.#buffers.length);
    this.byteLength = 8 + this.#template.bytes.length + bodyLength;
  }

  #add(column: Column, rows: number): void {
    if (column.undefinedBits !== undefined) {
      this.#nodes.push(rows, 0);
      this.#buffers.push(nothing);
      this.#addDefined(column, rows);
      this.#nodes.push(rows, 0);
      this.#buffers.push(nothing, column.undefinedBits);
    } else this.#addDefined(column, rows);
  }

  #addDefined(column: Column, rows: number): void {
    if (rows > longestRows)
      throw new GloamError(
        "GLOAM_ARGUMENT_INVALID",
        `a batch has ${rows} rows or list elements, the limit is ${longestRows}`,
      );
    if (column.kind === "null") {
      this.#nodes.push(rows, rows);
      return;
    }
    const validity = column.validity;
    const nulls = validity === undefined ? 0 : rows - countOnes(validity, rows);
    this.#nodes.push(rows, nulls);
    this.#buffers.push(validity ?? nothing);
    switch (column.kind) {
      case "int32":
      case "float64":
      case "int64":
      case "timestamp":
        this.#buffers.push(bytesOf(column.values));
        break;
      case "boolean":
        this.#buffers.push(column.bits);
        break;
      case "utf8":
      case "binary":
      case "any":
        this.#buffers.push(bytesOf(column.offsets), column.bytes);
        break;
      case "vector": {
        const { values } = column;
        this.#buffers.push(bytesOf(column.offsets));
        this.#nodes.push(values.length, 0);
        this.#buffers.push(nothing, bytesOf(values));
        break;
      }
      case "list":
        this.#buffers.push(bytesOf(column.offsets));
        this.#add(column.child, column.offsets[rows]!);
        break;
      case "tuple":
      case "object":
        for (const child of column.children) this.#add(child, rows);
        break;
    }
  }

  /** Writes the message at `at`. */
  write(target: Uint8Array, view: DataView, at: number): void {
    const template = this.#template;
    view.setUint32(at, continuation, true);
    view.setInt32(at + 4, template.bytes.length, true);
    const metadata = at + 8;
    target.set(template.bytes, metadata);
    setInt64(view, metadata + template.bodyLength, this.#bodyLength);
    setInt64(view, metadata + template.rows, this.#rows);
    for (let i = 0; i < this.#nodes.length; i++) setInt64(view, metadata + template.nodes + 8 * i, this.#nodes[i]!);
    const body = metadata + template.bytes.length;
    let position = 0;
    for (let i = 0; i < this.#buffers.length; i++) {
      const buffer = this.#buffers[i]!;
      setInt64(view, metadata + template.buffers + 16 * i, position);
      setInt64(view, metadata + template.buffers + 16 * i + 8, buffer.length);
      if (buffer.length > 0) target.set(buffer, body + position);
      position += buffer.length;
      while ((position & 7) !== 0) target[body + position++] = 0;
    }
  }
}

const nothing = new Uint8Array(0);

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function setInt64(view: DataView, at: number, value: number): void {
  view.setInt32(at, value | 0, true);
  view.setInt32(at + 4, Math.floor(value / 4294967296), true);
}
