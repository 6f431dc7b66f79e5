import type { KernelContext, RowCode, Sink, SinkKernel } from "@gloam/plan";
import { pairCheck } from "@gloam/plan";
import { functionOf } from "./kernel-data.ts";
import { MapOutput } from "./map-output.ts";
import { PairScatter, scatterRowBytes } from "./pair-scatter.ts";
import { invalidPartition } from "./partition-call.ts";
import { SinkBudget } from "./sink-budget.ts";

/** Rows of a reduce partition that one flush should bring, so that its batches are worth their headers. */
const rowsPerPartition = 1024;
const fewestRows = 64 * 1024;
const mostRows = 1024 * 1024;

/** Bytes that the scatter of a map task may use for buffering. */
function scatterBytes(partitions: number): number {
  return Math.min(mostRows, Math.max(fewestRows, partitions * rowsPerPartition)) * scatterRowBytes;
}

/**
 * Map side of `partitionBy` and everything that shuffles pairs as they are: rows `[key, value]` go to the partition of the
 * key's hash, or to the one that the user's function (role `partition`) gives. Data: `{ partitions, roles }`.
 */
export const hashWriter: SinkKernel = {
  kind: "sink",
  open: (context) => new HashWriter(context),
};

class HashWriter implements Sink {
  readonly #partitions: number;
  readonly #partition: ReturnType<typeof functionOf>;
  readonly #budget: SinkBudget;
  readonly #output: MapOutput;
  readonly #scatter: PairScatter;

  constructor(context: KernelContext) {
    this.#partitions = (context.data as { readonly partitions: number }).partitions;
    this.#partition = functionOf(context, "partition");
    this.#budget = new SinkBudget(context.memory, scatterBytes(this.#partitions));
    this.#output = new MapOutput(context, this.#partitions);
    const capacity = Math.floor(this.#budget.bytes / scatterRowBytes);
    const byHash = this.#partition === undefined;
    this.#scatter = new PairScatter(this.#partitions, capacity, byHash, (partition, batch) =>
      this.#output.write(partition, batch),
    );
  }

  emit(code: RowCode): void {
    const scatter = code.constant(this.#scatter);
    const key = code.local();
    const value = code.local();
    const at = code.local();
    code.line(`const ${key} = ${code.value}[0], ${value} = ${code.value}[1];`);
    let partition = "0";
    if (this.#partition !== undefined) {
      const partitions = this.#partitions;
      const check = code.constant((given: unknown) => {
        throw invalidPartition(given, partitions);
      });
      partition = code.local();
      code.line(`const ${partition} = ${code.userFunction(this.#partition.index)}(${key});`);
      code.line(
        `if (!(${partition} >= 0 && ${partition} < ${partitions} && (${partition} | 0) === ${partition})) ${check}(${partition});`,
      );
    }
    // Pairs of numbers are written here, so that neither the tuple nor a boxed number is ever made.
    code.line(`if (typeof ${key} === "number" && typeof ${value} === "number" && ${scatter}.numeric) {`);
    code.line(`const ${at} = ${scatter}.length;`);
    code.line(`${scatter}.keys[${at}] = ${key}; ${scatter}.values[${at}] = ${value};`);
    if (this.#partition !== undefined) code.line(`${scatter}.targets[${at}] = ${partition};`);
    code.line(`if ((${scatter}.length = ${at} + 1) >= ${scatter}.limit) ${scatter}.full();`);
    code.line(`} else {\n${pairCheck(code, key)}\n${scatter}.put(${key}, ${value}, ${partition});\n}`);
  }

  finish(): unknown {
    this.#scatter.flush();
    return this.#output.commit();
  }

  close(): void {
    this.#output.close();
    this.#budget.close();
  }
}
