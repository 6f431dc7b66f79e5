import { registerReviver, transferSymbol, type Transfer } from "@gloam/closure";
import { GloamError } from "@gloam/common";
import {
  accumulatorLabel,
  accumulatorReviver,
  accumulatorSums,
  checkAddend,
  encodeUpdates,
  type AccumulatorData,
  type AccumulatorUpdate,
  type AddUp,
} from "@gloam/plan";

/** The sum that a task has of one accumulator. */
interface Cell {
  readonly zero: () => unknown;
  readonly add: AddUp;
  /** Whether anything was added. */
  isTouched: boolean;
  value: unknown;
}

/** What the functions of one task add to accumulators. */
export class TaskAccumulators {
  readonly #cells = new Map<number, Cell>();
  /** Whether the task may still add. */
  isOpen = true;

  /** The task's sum of an accumulator: one, however many functions have it. */
  cell(data: AccumulatorData): Cell {
    let cell = this.#cells.get(data.id);
    if (cell === undefined) {
      cell = { ...accumulatorSums(data), isTouched: false, value: undefined };
      this.#cells.set(data.id, cell);
    }
    return cell;
  }

  /**
   * The values, encoded, of all accumulators that the task's functions had; undefined where they had none. Nothing can be added any more.
   * @throws GloamError `GLOAM_VALUE_NOT_SERIALIZABLE`
   */
  finish(): Uint8Array<ArrayBuffer> | undefined {
    this.isOpen = false;
    if (this.#cells.size === 0) return undefined;
    return encodeUpdates(
      Array.from(this.#cells, ([id, { isTouched, value }]): AccumulatorUpdate => (isTouched ? [id, value] : [id])),
    );
  }

  /** The task has ended: nothing that it left running can add to the next one's sums. */
  end(): void {
    this.isOpen = false;
    if (current === this) current = undefined;
  }
}

/** Those of the task whose functions are being made, or run. */
let current: TaskAccumulators | undefined;

/** The functions that are made from now on belong to a new task. */
export function beginTaskAccumulators(): TaskAccumulators {
  return (current = new TaskAccumulators());
}

/** An accumulator as functions see it: it belongs to the task that the functions were made for. */
class TaskAccumulator {
  readonly #data: AccumulatorData;
  readonly #task: TaskAccumulators | undefined;
  readonly #cell: Cell | undefined;

  constructor(data: AccumulatorData, task: TaskAccumulators | undefined) {
    this.#data = data;
    this.#task = task;
    this.#cell = task?.cell(data);
  }

  add(value: unknown): void {
    const cell = this.#cell;
    if (cell === undefined || this.#task?.isOpen !== true) throw this.#noTask();
    const data = this.#data;
    if (data.kind === "collection") {
      if (cell.isTouched) (cell.value as unknown[]).push(value);
      else cell.value = [value];
    } else {
      checkAddend(data, value);
      cell.value = cell.add(cell.isTouched ? cell.value : cell.zero(), value);
    }
    cell.isTouched = true;
  }

  get value(): never {
    throw this.#onExecutor("value");
  }

  reset(): never {
    throw this.#onExecutor("reset()");
  }

  get name(): string | undefined {
    return this.#data.name;
  }

  [transferSymbol](): Transfer {
    return { refuse: "is an accumulator of a task", mend: "use it in the function that captured it" };
  }

  #onExecutor(member: string): GloamError {
    const label = accumulatorLabel(this.#data);
    return new GloamError("GLOAM_DRIVER_ONLY", `${member} of ${label} was asked for in a function`);
  }

  #noTask(): GloamError {
    const label = accumulatorLabel(this.#data);
    return new GloamError("GLOAM_NO_TASK", `${label} was added to outside of the task that its function belongs to`, {
      hint: "add before the function returns; what outlives a task, as a value of onExecutor does, keeps no accumulator",
    });
  }
}

registerReviver(accumulatorReviver, (data: AccumulatorData) => new TaskAccumulator(data, current));
