import { GloamError } from "@gloam/common";
import type { ShuffleId } from "@gloam/plan";
import type { ExecutorId, MapOutput, TaskId } from "./messages.ts";

/** The registered outputs of one shuffle's map tasks. */
export class ShuffleOutputs {
  readonly shuffle: ShuffleId;
  /** Shuffles that the registered outputs were computed from. */
  readonly inputs = new Set<ShuffleId>();
  /** An input was computed anew since: outputs lost from now on cannot be replaced one by one (see rollback). */
  stale = false;
  readonly #outputs: (MapOutput | undefined)[];
  #registered = 0;
  #snapshot: readonly MapOutput[] | undefined;

  constructor(shuffle: ShuffleId, size: number) {
    this.shuffle = shuffle;
    this.#outputs = Array.from<MapOutput | undefined>({ length: size }).fill(undefined);
  }

  /** Number of map partitions. */
  get size(): number {
    return this.#outputs.length;
  }

  get registered(): number {
    return this.#registered;
  }

  get complete(): boolean {
    return this.#registered === this.#outputs.length;
  }

  at(partition: number): MapOutput | undefined {
    return this.#outputs[partition];
  }

  /** Takes an output unless the partition has one: a late attempt never replaces what reducers may have read. */
  register(output: MapOutput, reads: readonly ShuffleId[]): boolean {
    if (output.partition >= this.#outputs.length || this.#outputs[output.partition] !== undefined) return false;
    this.#outputs[output.partition] = output;
    for (const shuffle of reads) this.inputs.add(shuffle);
    this.#registered++;
    this.#snapshot = undefined;
    return true;
  }

  /** Forgets a partition's output, only that of `task` if it is given; what was forgotten. */
  remove(partition: number, task?: TaskId): MapOutput | undefined {
    const output = this.#outputs[partition];
    if (output === undefined || (task !== undefined && output.task !== task)) return undefined;
    this.#outputs[partition] = undefined;
    this.#registered--;
    this.#snapshot = undefined;
    return output;
  }

  /** Forgets everything; what was forgotten. */
  clear(): MapOutput[] {
    const outputs = this.list();
    for (const { partition } of outputs) this.remove(partition);
    this.inputs.clear();
    this.stale = false;
    return outputs;
  }

  /** Notes that an output lies elsewhere now; whether it is still the registered one. */
  move(partition: number, task: TaskId, place: Pick<MapOutput, "executor" | "handle" | "movedBefore">): boolean {
    const output = this.#outputs[partition];
    if (output?.task !== task) return false;
    this.#outputs[partition] = { ...output, ...place };
    this.#snapshot = undefined;
    return true;
  }

  /** What is registered, in map order. */
  list(): MapOutput[] {
    return this.#outputs.filter((output) => output !== undefined);
  }

  /** All outputs in map order; the same array until one of them changes. */
  snapshot(): readonly MapOutput[] {
    if (!this.complete) {
      throw new GloamError("GLOAM_INTERNAL", `shuffle ${this.shuffle} has ${this.#registered} of ${this.size} outputs`);
    }
    this.#snapshot ??= this.list();
    return this.#snapshot;
  }
}

/** Where every shuffle's map outputs lie. */
export class MapOutputTracker {
  readonly shuffles = new Map<ShuffleId, ShuffleOutputs>();

  get(shuffle: ShuffleId): ShuffleOutputs | undefined {
    return this.shuffles.get(shuffle);
  }

  /** The shuffle's entry, made on first use. */
  open(shuffle: ShuffleId, size: number): ShuffleOutputs {
    let outputs = this.shuffles.get(shuffle);
    if (outputs === undefined) this.shuffles.set(shuffle, (outputs = new ShuffleOutputs(shuffle, size)));
    return outputs;
  }

  forget(shuffle: ShuffleId): void {
    this.shuffles.delete(shuffle);
  }

  /** What lies on an executor. A scan: asked for when executors come to their end only. */
  *onExecutor(executor: ExecutorId): Generator<{ outputs: ShuffleOutputs; output: MapOutput }> {
    for (const outputs of this.shuffles.values()) {
      for (let partition = 0; partition < outputs.size; partition++) {
        const output = outputs.at(partition);
        if (output?.executor === executor) yield { outputs, output };
      }
    }
  }
}
