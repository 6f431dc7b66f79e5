import { createBatchBuilder } from "@gloam/arrow";
import type { KernelContext, RowCode, Sink, SinkKernel } from "@gloam/plan";
import { MapOutput } from "./map-output.ts";
import { SinkBudget } from "./sink-budget.ts";

const bufferBytes = 2 * 1024 * 1024;

/**
 * Map side of `repartition`: deals rows of any kind out over the partitions, in turn, beginning with another partition in
 * each task so that many small tasks don't all favour the first. Data: `{ partitions }`.
 */
export const roundRobinWriter: SinkKernel = {
  kind: "sink",
  open: (context) => new RoundRobinWriter(context),
};

class RoundRobinWriter implements Sink {
  readonly #output: MapOutput;
  readonly #budget: SinkBudget;
  /** One builder for each partition; a row goes where it belongs at once. */
  readonly #builders;
  readonly #add: (value: unknown) => void;

  constructor(context: KernelContext) {
    const { partitions } = context.data as { readonly partitions: number };
    this.#budget = new SinkBudget(context.memory, Math.max(bufferBytes, partitions * 64 * 1024));
    this.#output = new MapOutput(context, partitions);
    const builders = Array.from({ length: partitions }, () => createBatchBuilder());
    this.#builders = builders;
    const most = Math.max(1024, Math.floor(this.#budget.bytes / partitions));
    let next = context.partition % partitions;
    this.#add = (value) => {
      const builder = builders[next]!;
      if (!builder.append(value)) {
        this.#flush(next);
        builder.append(value);
      }
      if ((builder.length & 63) === 0 && builder.byteLength >= most) this.#flush(next);
      if (++next === partitions) next = 0;
    };
  }

  emit(code: RowCode): void {
    code.line(`${code.constant(this.#add)}(${code.value});`);
  }

  finish(): unknown {
    for (let partition = 0; partition < this.#builders.length; partition++) this.#flush(partition);
    return this.#output.commit();
  }

  close(): void {
    this.#output.close();
    this.#budget.close();
  }

  #flush(partition: number): void {
    const builder = this.#builders[partition]!;
    if (builder.length > 0) this.#output.write(partition, builder.finish());
  }
}
