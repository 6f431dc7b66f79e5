import type { KernelDescription, SinkKernel } from "../kernel.ts";
import { planKernel } from "../operation-node.ts";
import { decodeRows, RowsEncoder } from "../rows-encoding.ts";

/** Gives the partition's elements, for `collectedRows`. */
export function collectSink(): KernelDescription {
  return planKernel("collectSinkKernel");
}

/** The elements in a result of `collectSink`. */
export function collectedRows(result: unknown): unknown[] {
  return result instanceof Uint8Array ? decodeRows(result) : (result as unknown[]);
}

/** What `collectSink` gives of a partition, from what it gives of its parts one after the other. */
export function joinCollected(pieces: readonly unknown[]): unknown {
  let all: unknown[] = [];
  for (const piece of pieces) all = all.concat(collectedRows(piece));
  return all;
}

/** Fewer elements travel as one value: columns cost more than they save. */
const leastForColumns = 1024;
const batchLength = 2 ** 16;

/** Kernel of `collectSink`: a few elements as an array, many as columns. */
export const collectSinkKernel: SinkKernel = {
  kind: "sink",
  open() {
    const rows: unknown[] = [];
    let encoder: RowsEncoder | undefined;
    const encode = (): void => {
      encoder ??= new RowsEncoder(batchLength);
      encoder.append(rows);
      rows.length = 0;
    };
    return {
      holdsElements: true,
      emit(code) {
        code.line(`${code.constant(rows)}.push(${code.value});`);
      },
      afterBatch() {
        if (rows.length >= leastForColumns) encode();
      },
      finish() {
        if (encoder === undefined) return rows;
        encode();
        return encoder.finish();
      },
    };
  },
};
