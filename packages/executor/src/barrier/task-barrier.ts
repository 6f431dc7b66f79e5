import { captureCallSite, describeCallSite, GloamError } from "@gloam/common";
import type {
  BarrierAnswer,
  BarrierCall,
  BarrierContext,
  BarrierFlow,
  BarrierPart,
  BarrierPlace,
  BarrierTaskInfo,
} from "@gloam/plan";
import { contentOf, valuesOf, type BarrierBlocks } from "./barrier-storage.ts";

/** The way to the driver, for a task that waits by blocking its thread. */
export interface BarrierLink {
  /** Says what the task does, without waiting. */
  post(call: BarrierCall): void;
  /** Waits for the answer to a call; throws once the task has been cancelled. */
  answer(call: number): BarrierAnswer;
}

type WithoutCall<C> = C extends BarrierCall ? Omit<C, "call"> : never;

/** A running task of a barrier: makes collective calls of what the driver lets tasks do, which is to wait and to pass on. */
export class TaskBarrier implements BarrierContext {
  readonly rank: number;
  readonly size: number;
  readonly attempt: number;
  readonly #peers: BarrierPlace["peers"];
  readonly #link: BarrierLink;
  readonly #blocks: BarrierBlocks;
  #calls = 0;
  #epoch = 0;
  #closed = false;

  constructor({ rank, attempt, peers }: BarrierPlace, link: BarrierLink, blocks: BarrierBlocks) {
    this.rank = rank;
    this.size = peers.length;
    this.attempt = attempt;
    this.#peers = peers;
    this.#link = link;
    this.#blocks = blocks;
  }

  /** The task has ended: whoever has kept the context may not call it any more. */
  close(): void {
    this.#closed = true;
  }

  barrier(): void {
    this.#collect("barrier", "none", 0, undefined);
  }

  allGather<V>(value: V): V[] {
    return [...this.#values(this.#collect("allGather", "all", 0, [value]))] as V[];
  }

  broadcast<V>(value: V, root = 0): V {
    this.#checkRank("broadcast", "root", root);
    return this.#broadcast("broadcast", value, root) as V;
  }

  gather<V>(value: V, root = 0): V[] | undefined {
    this.#checkRank("gather", "root", root);
    const parts = this.#collect("gather", "toRoot", root, [value]);
    return this.rank === root ? ([...this.#values(parts)] as V[]) : undefined;
  }

  scatter<V>(values: readonly V[] | undefined, root = 0): V {
    this.#checkRank("scatter", "root", root);
    const given = this.rank === root ? this.#oneForEach("scatter", values) : undefined;
    const [mine] = this.#values(this.#collect("scatter", "fromRoot", root, given));
    return mine as V;
  }

  reduce<V>(value: V, f: (a: V, b: V) => V, root = 0): V | undefined {
    this.#checkRank("reduce", "root", root);
    const parts = this.#collect("reduce", "toRoot", root, [value]);
    return this.rank === root ? this.#fold(parts, f) : undefined;
  }

  allReduce<V>(value: V, f: (a: V, b: V) => V): V {
    const parts = this.#collect("allReduce", "all", 0, [value]);
    // Small values are everywhere by now. Of large ones everyone would have to fetch all, so one does, and gives what came of it.
    if (parts.every(({ kind }) => kind === "bytes")) return this.#fold(parts, f);
    return this.#broadcast("allReduce", this.rank === 0 ? this.#fold(parts, f) : undefined, 0) as V;
  }

  allToAll<V>(values: readonly V[]): V[] {
    return [...this.#values(this.#collect("allToAll", "all", 0, this.#oneForEach("allToAll", values)))] as V[];
  }

  send(to: number, value: unknown): void {
    this.#checkRank("send", "to", to);
    this.#post({ kind: "send", to, content: contentOf([value], this.size, this.#blocks) });
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- whoever receives knows what was sent
  receive<V = unknown>(from: number): V {
    this.#checkRank("receive", "from", from);
    const parts = this.#await(this.#post({ kind: "receive", from, site: callerSite() }));
    const [value] = this.#values(parts);
    return value as V;
  }

  getTaskInfos(): readonly BarrierTaskInfo[] {
    return this.#peers.map(({ executor, host }) => ({ executor, host }));
  }

  #broadcast(operation: string, value: unknown, root: number): unknown {
    const [given] = this.#values(this.#collect(operation, "fromRoot", root, this.rank === root ? [value] : undefined));
    return given;
  }

  #fold<V>(parts: readonly BarrierPart[], f: (a: V, b: V) => V): V {
    const values = this.#values(parts) as Iterator<V>;
    let result = values.next().value as V;
    for (let step = values.next(); step.done !== true; step = values.next()) result = f(result, step.value);
    return result;
  }

  #values(parts: readonly BarrierPart[]): Generator<unknown, void> {
    return valuesOf(parts, this.#blocks);
  }

  #collect(
    operation: string,
    flow: BarrierFlow,
    root: number,
    values: readonly unknown[] | undefined,
  ): readonly BarrierPart[] {
    const content = values && contentOf(values, this.size, this.#blocks);
    const epoch = this.#epoch++;
    return this.#await(this.#post({ kind: "collect", epoch, operation, flow, root, site: callerSite(), content }));
  }

  #post(call: WithoutCall<BarrierCall>): number {
    if (this.#closed) throw new GloamError("GLOAM_NO_BARRIER", "the task of this barrier has ended");
    const number = this.#calls++;
    this.#link.post({ ...call, call: number });
    return number;
  }

  #await(call: number): readonly BarrierPart[] {
    const answer = this.#link.answer(call);
    if (answer.kind === "error") throw new GloamError(answer.code, answer.message);
    return answer.parts;
  }

  #oneForEach(operation: string, values: readonly unknown[] | undefined): readonly unknown[] {
    if (Array.isArray(values) && values.length === this.size) return values as readonly unknown[];
    const given = Array.isArray(values) ? `${values.length}` : "none";
    const message = `${operation} takes an array of a value for each of the ${this.size} tasks, and got ${given}`;
    throw new GloamError("GLOAM_ARGUMENT_INVALID", message, { callSite: captureCallSite() });
  }

  #checkRank(operation: string, name: string, rank: unknown): void {
    if (typeof rank === "number" && Number.isInteger(rank) && rank >= 0 && rank < this.size) return;
    const message = `${name} of ${operation} must be a rank from 0 to ${this.size - 1}, not ${String(rank)}`;
    throw new GloamError("GLOAM_ARGUMENT_INVALID", message, { callSite: captureCallSite() });
  }
}

function callerSite(): string | undefined {
  const site = captureCallSite();
  return site && describeCallSite(site);
}
