import type { KernelDescription, RowCode, Sink, SinkKernel } from "../kernel.ts";
import { planKernel } from "../operation-node.ts";
import { blockLength, Stats, type Moments } from "../stats/stats.ts";
import { numberCheck } from "./number-check.ts";

/** Gives the `Moments` of the elements, numbers. */
export function statsSink(): KernelDescription {
  return planKernel("statsSinkKernel");
}

/** Kernel of `statsSink`: gathers blocks of numbers, and takes each into account as a whole, without a division for each number. */
export const statsSinkKernel: SinkKernel = {
  kind: "sink",
  open: () => new StatsSink(),
};

class StatsSink implements Sink {
  readonly #block = new Float64Array(blockLength);
  #stats = Stats.empty;
  #gathered: () => unknown = () => 0;

  emit(code: RowCode): void {
    const at = code.variable("0");
    this.#gathered = code.reader(at);
    numberCheck(code);
    code.line(`${code.constant(this.#block)}[${at}++] = ${code.value};`);
    code.line(`if (${at} === ${blockLength}) { ${code.constant(this)}.take(${blockLength}); ${at} = 0; }`);
  }

  /** Takes the first numbers of the block into account; for the generated loop. */
  take(length: number): void {
    this.#stats = this.#stats.merge(Stats.of(this.#block.subarray(0, length)));
  }

  finish(): Moments {
    this.take(this.#gathered() as number);
    return this.#stats.moments;
  }
}
