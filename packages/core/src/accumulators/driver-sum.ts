import { decodeValue, encodeValue } from "@gloam/arrow";
import { accumulatorSums, type AccumulatorData, type AddUp } from "@gloam/plan";
import { OrderedSum } from "./ordered-sum.ts";

/** The driver's sum of one accumulator: what is settled, and what stages under way have added. */
export class DriverSum {
  readonly #zero: () => unknown;
  readonly #add: AddUp;
  /** By name, in the order in which they began. */
  readonly #stages = new Map<string, OrderedSum>();
  #settled: unknown;

  constructor(data: AccumulatorData) {
    const { zero, add } = accumulatorSums(data);
    this.#zero = zero;
    this.#add = add;
    this.#settled = zero();
  }

  /** Adds at once, as the driver's program does. */
  add(value: unknown): void {
    // A copy: what the program has is its own.
    this.#addOwn(copy(value));
  }

  #addOwn(value: unknown): void {
    this.#settled = this.#add(this.#settled, value);
  }

  /** Takes what a task of a stage added; undefined for nothing. */
  take(stage: string, index: number, added: { readonly value: unknown } | undefined): void {
    let sum = this.#stages.get(stage);
    if (sum === undefined) this.#stages.set(stage, (sum = new OrderedSum(this.#add)));
    sum.take(index, added);
  }

  /** Whether nothing is under way. */
  get isSettled(): boolean {
    return this.#stages.size === 0;
  }

  /** A job has ended: what its stages added is settled, one stage after the other in the order given. */
  settle(stages: readonly string[]): void {
    for (const stage of stages) {
      const ordered = this.#stages.get(stage);
      // Whatever merging throws, the stage is done with.
      this.#stages.delete(stage);
      const sum = ordered?.finish();
      if (sum !== undefined) this.#addOwn(sum.value);
    }
  }

  /** The sum of all that has come: a copy, which nothing changes that comes later. */
  get value(): unknown {
    const parts = [...this.#stages.values()].flatMap((stage) => stage.parts());
    if (parts.length === 0) return copy(this.#settled);
    // A copy: adding up may change what it adds to.
    return [this.#settled, ...parts].map(copy).reduce(this.#add);
  }

  /** Forgets all that has come. */
  reset(): void {
    this.#stages.clear();
    this.#settled = this.#zero();
  }
}

function copy(value: unknown): unknown {
  return typeof value === "object" && value !== null ? decodeValue(encodeValue(value)) : value;
}
