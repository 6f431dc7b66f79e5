import { TextSpan } from "@gloam/common";
import type { KernelContext, RowCode, Sink, SinkKernel, TextCutter, Texts } from "@gloam/plan";
import { pairCheck } from "@gloam/plan";
import { MapOutput } from "./map-output.ts";
import { SinkBudget } from "./sink-budget.ts";
import { SortBuffer, textsRowBytes } from "./sort-buffer.ts";
import { sortComparison, type SortComparison } from "./sort-comparison.ts";
import { encodeSketch, piecesPerPartition, sampleCount, type RunKeys } from "./sort-sketch.ts";

/**
 * Bytes of a run. Rows are picked from all over it: with more than the processor's caches and its table of pages hold, that
 * takes twice as long (60 ns a row of 100 bytes out of 6 MB, 140 out of 30), which is more than merging more runs costs.
 */
const runBytes = 8 * 1024 * 1024;
/** Memory for each byte of a run: buffers grow by doubling, from the old one to one twice as large. */
const growth = 3;
/** Rows between two looks at the bytes: a power of two. */
const rowsBetweenLooks = 32;
const fewestChunkRows = 128;
const mostChunkRows = 8 * 1024;

/**
 * Map side of `sortByKey`: sorts rows `[key, value]` in runs of 8 MiB, or less where the task's guaranteed memory is, and writes
 * them in chunks into an output of one segment. Which reducer reads which chunk is decided by the reducers, from the
 * sketches of all tasks: no job has to sample the keys before. Data: `{ partitions, ascending, roles }`; role `compare`
 * replaces the order of keys.
 */
export const sortWriter: SinkKernel = {
  kind: "sink",
  open: (context) => new SortWriter(context),
};

class SortWriter implements Sink {
  readonly #partitions: number;
  readonly #budget: SinkBudget;
  readonly #output: MapOutput;
  readonly #comparison: SortComparison;
  readonly #buffer: SortBuffer;
  readonly #check: () => void;
  readonly #runs: RunKeys[] = [];
  readonly #line = new TextSpan();

  constructor(context: KernelContext) {
    this.#partitions = (context.data as { readonly partitions: number }).partitions;
    this.#check = () => context.checkCancelled();
    this.#budget = new SinkBudget(context.memory, growth * runBytes);
    this.#output = new MapOutput(context, 1);
    this.#comparison = sortComparison(context);
    this.#buffer = new SortBuffer(this.#comparison);
  }

  emit(code: RowCode): void {
    const buffer = code.constant(this.#buffer);
    const put = code.constant((key: unknown, value: unknown) => this.#put(key, value));
    const look = code.constant(() => this.#look());
    const [key, value] = [code.local(), code.local()];
    code.line(`const ${key} = ${code.value}[0], ${value} = ${code.value}[1];`);
    code.line(pairCheck(code, key));
    code.line(`if (!${buffer}.append(${key}, ${value})) ${put}(${key}, ${value});`);
    code.line(`if ((++${buffer}.length & ${rowsBetweenLooks - 1}) === 0) ${look}();`);
  }

  /** Pairs of texts are copied into the buffer's columns as bytes. Runs end at the rows at which they end through `emit`. */
  takeCuts(texts: Texts, cutter: TextCutter): boolean {
    const { length, bytes, starts, ends, ascii } = texts;
    if (!ascii && !texts.isUtf8()) return false;
    cutter.cut(texts);
    const buffer = this.#buffer;
    const rows = { bytes, ascii, columns: cutter.columns };
    const pieceEnds = cutter.columns[0].ends;
    const mostBytes = buffer.byteLength + length * textsRowBytes + 2 * (ends[length - 1]! - starts[0]!);
    const mayEndRun = mostBytes * growth >= this.#budget.bytes;
    for (let at = 0, to = 0; at < length;) {
      if (to <= at) {
        const step = mayEndRun ? rowsBetweenLooks - (buffer.length & (rowsBetweenLooks - 1)) : length;
        to = at;
        for (const last = Math.min(length, at + step); to < last && pieceEnds[to]! >= 0;) to++;
      }
      if (to > at && buffer.putTexts(rows, at, to)) {
        at = to;
      } else {
        texts.show(at++, this.#line);
        const [key, value] = cutter.pair(this.#line.toString());
        if (!buffer.append(key, value)) this.#put(key, value);
        buffer.length++;
      }
      if ((buffer.length & (rowsBetweenLooks - 1)) === 0) this.#look();
    }
    return true;
  }

  finish(): unknown {
    this.#writeRun();
    return this.#output.commit(encodeSketch(this.#partitions, this.#runs, this.#comparison.compare));
  }

  close(): void {
    this.#output.close();
    this.#budget.close();
  }

  /** A pair of other types, or one too many for a batch. */
  #put(key: unknown, value: unknown): void {
    if (this.#buffer.put(key, value)) return;
    this.#writeRun();
    this.#buffer.put(key, value);
  }

  #look(): void {
    if (this.#buffer.byteLength * growth >= this.#budget.bytes) this.#writeRun();
  }

  #writeRun(): void {
    const buffer = this.#buffer;
    const { length } = buffer;
    if (length === 0) return;
    this.#check();
    buffer.sort();
    const piece = Math.ceil(length / (this.#partitions * piecesPerPartition));
    const chunkRows = Math.min(mostChunkRows, Math.max(fewestChunkRows, piece));
    const places: number[] = [];
    for (let from = 0; from < length; from += chunkRows) {
      this.#check();
      places.push(from);
      this.#output.write(0, buffer.gather(from, Math.min(length, from + chunkRows)));
    }
    const chunks = places.length;
    const samples = sampleCount(length, this.#partitions);
    for (let i = 0; i < samples; i++) places.push(Math.floor(((i + 0.5) * length) / samples));
    const keys = buffer.keys(places);
    this.#runs.push({ rows: length, firstKeys: keys.slice(0, chunks), samples: keys.slice(chunks) });
    buffer.clear();
  }
}
