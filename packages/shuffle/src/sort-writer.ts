import type { KernelContext, RowCode, Sink, SinkKernel } from "@gloam/plan";
import { MapOutput } from "./map-output.ts";
import { SinkBudget } from "./sink-budget.ts";
import { SortBuffer } from "./sort-buffer.ts";
import { sortComparison } from "./sort-comparison.ts";
import { encodeSketch, type RunSketch } from "./sort-sketch.ts";

const mostBytes = 512 * 1024 * 1024;
const fewestChunkRows = 128;
const mostChunkRows = 8 * 1024;
/** Chunks and samples that a run should have for each reduce partition, so that little is read in vain. */
const piecesPerPartition = 16;
/** Rows for which a sample stands at least. */
const fewestSampledRows = 32;

/**
 * Map side of `sortByKey`: sorts rows `[key, value]`, in as many runs as the task's guaranteed memory demands, and writes
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
  readonly #buffer: SortBuffer;
  readonly #check: () => void;
  readonly #runs: RunSketch[] = [];
  #chunks = 0;

  constructor(context: KernelContext) {
    this.#partitions = (context.data as { readonly partitions: number }).partitions;
    this.#check = () => context.checkCancelled();
    this.#budget = new SinkBudget(context.memory, mostBytes);
    this.#output = new MapOutput(context, 1);
    this.#buffer = new SortBuffer(sortComparison(context), this.#budget.bytes, context.memory.heapBudget / 2);
  }

  emit(code: RowCode): void {
    const buffer = code.constant(this.#buffer);
    const full = code.constant(() => {
      if (!this.#buffer.makeRoom()) this.#writeRun();
    });
    const [key, value, at] = [code.local(), code.local(), code.local()];
    code.line(`const ${key} = ${code.value}[0], ${value} = ${code.value}[1], ${at} = ${buffer}.length;`);
    code.line(`if (typeof ${key} === "number" && ${buffer}.numberKeys) ${buffer}.keys[${at}] = ${key};`);
    code.line(`else ${buffer}.putKey(${key});`);
    code.line(`if (typeof ${value} === "number" && ${buffer}.numberValues) ${buffer}.numbers[${at}] = ${value};`);
    code.line(`else ${buffer}.putValue(${value});`);
    code.line(`if ((${buffer}.length = ${at} + 1) >= ${buffer}.limit) ${full}();`);
  }

  finish(): unknown {
    this.#writeRun();
    return this.#output.commit(encodeSketch({ partitions: this.#partitions, runs: this.#runs }));
  }

  close(): void {
    this.#output.close();
    this.#budget.close();
  }

  #writeRun(): void {
    const buffer = this.#buffer;
    const { length } = buffer;
    if (length === 0) return;
    this.#check();
    const order = buffer.sort();
    const piece = Math.ceil(length / (this.#partitions * piecesPerPartition));
    const chunkRows = Math.min(mostChunkRows, Math.max(fewestChunkRows, piece));
    const firstChunk = this.#chunks;
    const firstKeys: unknown[] = [];
    for (let from = 0; from < length; from += chunkRows) {
      this.#check();
      let first = from;
      buffer.gather(order, from, Math.min(length, from + chunkRows), (batch) => {
        firstKeys.push(buffer.key(order[first]!));
        first += batch.length;
        this.#output.write(0, batch);
        this.#chunks++;
      });
    }
    const count = Math.ceil(length / Math.max(fewestSampledRows, piece));
    const samples = Array.from({ length: count }, (_, i) =>
      buffer.key(order[Math.floor(((i + 0.5) * length) / count)]!),
    );
    this.#runs.push({ firstChunk, firstKeys, samples, rows: length });
    buffer.clear();
  }
}
