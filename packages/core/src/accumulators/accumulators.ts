import { createSequence } from "@gloam/common";
import { decodeUpdates, type AccumulatingTask, type AccumulatorData, type ShuffleId } from "@gloam/plan";
import { CountedTasks } from "./counted-tasks.ts";
import { DriverSum } from "./driver-sum.ts";

/** The accumulators of a context, and what tasks add to them. */
export class Accumulators {
  readonly #counted = new CountedTasks();
  readonly #sums = new Map<number, { readonly sum: WeakRef<DriverSum>; readonly name: string | undefined }>();
  /** Whoever cannot be asked any more need not be told. */
  readonly #unreachable = new FinalizationRegistry<number>((id) => this.#sums.delete(id));
  readonly #nextJob = createSequence(1);
  readonly #nextId = createSequence(1);

  /** The driver's sum of a new accumulator; kept for as long as somebody has it. */
  create(data: Omit<AccumulatorData, "id">): { readonly data: AccumulatorData; readonly sum: DriverSum } {
    const whole = { ...data, id: this.#nextId() };
    const sum = new DriverSum(whole);
    this.#sums.set(whole.id, { sum: new WeakRef(sum), name: data.name });
    this.#unreachable.register(sum, whole.id);
    return { data: whole, sum };
  }

  /** Begins a job that may use these shuffles. */
  job(shuffles: Iterable<ShuffleId>): JobAccumulators {
    const job = `job ${this.#nextJob()}`;
    const stages = [...[...shuffles].sort((left, right) => left - right).map(shuffleName), job];
    return {
      take: (task, updates) => this.#take(task, task.kind === "result" ? job : shuffleName(task.shuffle), updates),
      settle: () => {
        for (const { sum } of this.#sums.values()) sum.deref()?.settle(stages);
      },
    };
  }

  /** The name of an accumulator; undefined without one, and for one that nobody has. */
  nameOf(id: number): string | undefined {
    return this.#sums.get(id)?.name;
  }

  /** No job can need these any more. */
  forgetShuffles(shuffles: readonly ShuffleId[]): void {
    this.#counted.forget(shuffles);
  }

  #take(task: AccumulatingTask, stage: string, updates: Uint8Array): void {
    if (!this.#counted.count(task)) return;
    for (const update of decodeUpdates(updates)) {
      const [id, value] = update;
      const added = update.length === 2 ? { value } : undefined;
      this.#sums.get(id)?.sum.deref()?.take(stage, task.index, added);
    }
  }
}

/** What the tasks of one job add. */
export interface JobAccumulators {
  /** Takes what a task added; whatever a merging function throws. */
  readonly take: (task: AccumulatingTask, updates: Uint8Array) => void;
  /** The job has ended, well or badly; whatever a merging function throws. */
  readonly settle: () => void;
}

function shuffleName(shuffle: ShuffleId): string {
  return `shuffle ${shuffle}`;
}
