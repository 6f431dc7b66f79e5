/** JavaScript values to Apache Arrow record batches and back. */
export type { Column, ColumnBatch, ColumnOf } from "./column.ts";
export { BuilderCode } from "./build/appender.ts";
export { createBatchBuilder, type BatchBuilder } from "./build/batch-builder.ts";
export { decodeBatches } from "./ipc/decode.ts";
export { encodeBatches, planBatches, type EncodingPlan } from "./ipc/encode.ts";
export { layoutOf } from "./read/layout.ts";
export { readingSlices } from "./read/reading-slices.ts";
export { rowSource, type RowSource } from "./read/row-source.ts";
export { rowsOf } from "./read/rows-of.ts";
export { detachString } from "./read/text.ts";
export { valueAt } from "./read/value-at.ts";
export { concatBatches } from "./select/concat.ts";
export { gather, type Indices } from "./select/gather.ts";
export { Interleaver } from "./select/interleaver.ts";
export { ReusedBuffers, type ResultBuffers } from "./select/result-buffers.ts";
export { sliceBatch } from "./select/slice.ts";
export { registerClass, type RegisteredClass } from "./value/class-registry.ts";
export { decodeValue, encodeValue } from "./value/encode-value.ts";
