import type { BlockHandle, ExecutorId } from "../messages.ts";
import type { BarrierAnswer, BarrierCall, BarrierContent, BarrierErrorCode, BarrierPart } from "@gloam/plan";

/** A block that a task gave, and where it lies. */
export interface BarrierBlock {
  readonly executor: ExecutorId;
  readonly handle: BlockHandle;
}

/** What follows from a call: whose waiting ends and how, and blocks that nobody reads any more. */
export interface BarrierOutcome {
  readonly answers: { readonly rank: number; readonly answer: BarrierAnswer }[];
  readonly free: BarrierBlock[];
}

type Collect = Extract<BarrierCall, { kind: "collect" }>;
type Receive = Extract<BarrierCall, { kind: "receive" }>;

/** What a rank waits in, and since when. Milliseconds. */
interface Waiting {
  readonly call: Collect | Receive;
  readonly since: number;
}

interface Placed {
  readonly content: BarrierContent;
  readonly executor: ExecutorId;
}

/**
 * Lets the tasks of one attempt of a barrier stage wait for each other and passes on what they give each other. A pure
 * machine. What can never end is told at once: tasks that do different things, that wait for one that has ended, or that all
 * wait for each other.
 */
export class BarrierSync {
  readonly #size: number;
  readonly #timeout: number;
  /** Calls of each rank so far. */
  readonly #calls: number[];
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended = new Set<number>();
  readonly #given = new Map<number, Placed>();
  /** What was sent and not received, by receiver and sender, in order. */
  readonly #mail = new Map<string, Placed[]>();
  /** Blocks of the last collective call: all have read them when the next one is complete. */
  #read: BarrierBlock[] = [];
  /** Blocks that a rank has received: it has read them when it calls again. */
  readonly #received = new Map<number, BarrierBlock[]>();
  #broken: { readonly code: BarrierErrorCode; readonly message: string } | undefined;

  /** @param timeout milliseconds that a task waits at most */
  constructor(size: number, timeout: number) {
    this.#size = size;
    this.#timeout = timeout;
    this.#calls = Array.from<number>({ length: size }).fill(-1);
  }

  /** When the task that waits longest has waited too long; Infinity where none waits. */
  get due(): number {
    let due = Infinity;
    for (const { since } of this.#waiting.values()) due = Math.min(due, since + this.#timeout);
    return due;
  }

  /** A task that runs on `executor` calls. */
  enter(rank: number, call: BarrierCall, executor: ExecutorId, time: number): BarrierOutcome {
    const outcome: BarrierOutcome = { answers: [], free: [] };
    if (call.call <= (this.#calls[rank] ?? Infinity)) return outcome;
    this.#calls[rank] = call.call;
    outcome.free.push(...(this.#received.get(rank) ?? []));
    this.#received.delete(rank);
    const { content } = call as { readonly content?: BarrierContent };
    if (call.kind === "send") this.#send(rank, call.to, { content: call.content, executor }, outcome);
    else {
      this.#waiting.set(rank, { call, since: time });
      if (content !== undefined) this.#given.set(rank, { content, executor });
      if (this.#broken !== undefined) this.#fail(this.#broken.code, this.#broken.message, outcome);
      else if (call.kind === "collect") this.#collect(rank, call, outcome);
      else this.#deliver(rank, call.from, outcome);
    }
    this.#lookForDeadlock(outcome);
    return outcome;
  }

  /** A task has ended well: it calls no more. */
  ended(rank: number): BarrierOutcome {
    const outcome: BarrierOutcome = { answers: [], free: [] };
    this.#ended.add(rank);
    this.#lookForDeadlock(outcome);
    return outcome;
  }

  /** Time has passed. */
  expire(time: number): BarrierOutcome {
    const outcome: BarrierOutcome = { answers: [], free: [] };
    if (time < this.due) return outcome;
    const absent = Array.from({ length: this.#size }, (_, rank) => rank).filter((rank) => !this.#waiting.has(rank));
    const message = `${this.#describeWaiting()} waited for ${this.#timeout} ms; ${ranks(absent)} did not come`;
    this.#fail("GLOAM_BARRIER_TIMEOUT", message, outcome);
    return outcome;
  }

  /** Every block that is still there, once no task reads any. */
  close(): BarrierBlock[] {
    const blocks = [...this.#read, ...[...this.#received.values()].flat()];
    for (const placed of [...this.#given.values(), ...[...this.#mail.values()].flat()])
      blocks.push(...blocksOf(placed));
    this.#given.clear();
    this.#mail.clear();
    this.#received.clear();
    this.#read = [];
    return blocks;
  }

  #collect(rank: number, call: Collect, outcome: BarrierOutcome): void {
    for (const [other, waiting] of this.#waiting) {
      const before = waiting.call;
      if (other === rank || before.kind !== "collect" || isSame(before, call)) continue;
      const message = `rank ${other} called ${describe(before)}, and rank ${rank} ${describe(call)}`;
      this.#fail("GLOAM_BARRIER_MISMATCH", message, outcome);
      return;
    }
    const collecting = [...this.#waiting.values()].filter((waiting) => waiting.call.kind === "collect");
    if (collecting.length < this.#size) return;
    for (let receiver = 0; receiver < this.#size; receiver++)
      this.#answer(receiver, this.#partsFor(receiver, call), outcome);
    outcome.free.push(...this.#read);
    this.#read = [...this.#given.values()].flatMap(blocksOf);
    this.#given.clear();
  }

  #partsFor(receiver: number, { flow, root }: Collect): BarrierPart[] {
    if (flow === "none" || (flow === "toRoot" && receiver !== root)) return [];
    const givers = flow === "fromRoot" ? [root] : Array.from({ length: this.#size }, (_, rank) => rank);
    return givers.flatMap((rank) => {
      const placed = this.#given.get(rank);
      return placed === undefined ? [] : [partOf(rank, placed.content, receiver)];
    });
  }

  #send(from: number, to: number, placed: Placed, outcome: BarrierOutcome): void {
    const key = `${to}<${from}`;
    const sent = this.#mail.get(key) ?? [];
    this.#mail.set(key, [...sent, placed]);
    const waiting = this.#waiting.get(to);
    if (waiting?.call.kind === "receive" && waiting.call.from === from) this.#deliver(to, from, outcome);
  }

  #deliver(to: number, from: number, outcome: BarrierOutcome): void {
    const [first, ...rest] = this.#mail.get(`${to}<${from}`) ?? [];
    if (first === undefined) return;
    if (rest.length === 0) this.#mail.delete(`${to}<${from}`);
    else this.#mail.set(`${to}<${from}`, rest);
    this.#received.set(to, blocksOf(first));
    this.#answer(to, [partOf(from, first.content, to)], outcome);
  }

  #answer(rank: number, parts: readonly BarrierPart[], { answers }: BarrierOutcome): void {
    const waiting = this.#waiting.get(rank);
    if (waiting === undefined) return;
    this.#waiting.delete(rank);
    answers.push({ rank, answer: { call: waiting.call.call, kind: "parts", parts } });
  }

  /** Ends all waiting, now and later: nobody knows what the others take a call for. */
  #fail(code: BarrierErrorCode, message: string, { answers }: BarrierOutcome): void {
    this.#broken = { code, message };
    for (const [rank, { call }] of this.#waiting)
      answers.push({ rank, answer: { call: call.call, kind: "error", code, message } });
    this.#waiting.clear();
    this.#read.push(...[...this.#given.values()].flatMap(blocksOf));
    this.#given.clear();
  }

  #lookForDeadlock(outcome: BarrierOutcome): void {
    if (this.#waiting.size === 0) return;
    if (this.#waiting.size + this.#ended.size === this.#size) {
      const message =
        this.#ended.size === 0
          ? `every task waits for another: ${this.#describeWaiting()}`
          : `${this.#describeWaiting()} waits for ever, since ${ranks([...this.#ended])} has ended`;
      this.#fail("GLOAM_BARRIER_MISMATCH", message, outcome);
      return;
    }
    for (const [rank, { call }] of this.#waiting) {
      if (call.kind === "collect" ? this.#ended.size === 0 : !this.#ended.has(call.from)) continue;
      const missing = call.kind === "collect" ? [...this.#ended] : [call.from];
      const message = `rank ${rank} waits in ${describe(call)} for ever, since ${ranks(missing)} has ended`;
      this.#fail("GLOAM_BARRIER_MISMATCH", message, outcome);
      return;
    }
  }

  #describeWaiting(): string {
    const waiting = [...this.#waiting].sort(([a], [b]) => a - b);
    const named = waiting.slice(0, 4).map(([rank, { call }]) => `rank ${rank} in ${describe(call)}`);
    return named.join(", ") + (waiting.length > 4 ? ` and ${waiting.length - 4} more` : "");
  }
}

function isSame(a: Collect, b: Collect): boolean {
  return a.operation === b.operation && a.root === b.root && a.epoch === b.epoch;
}

function describe(call: Collect | Receive): string {
  const name =
    call.kind === "receive"
      ? `receive(${call.from})`
      : call.flow === "toRoot" || call.flow === "fromRoot"
        ? `${call.operation} with root ${call.root}`
        : call.operation;
  return call.site === undefined ? name : `${name} (${call.site})`;
}

function ranks(list: readonly number[]): string {
  const named = list.slice(0, 8).join(", ");
  return `${list.length === 1 ? "rank" : "ranks"} ${named}${list.length > 8 ? ", ..." : ""}`;
}

function partOf(rank: number, content: BarrierContent, receiver: number): BarrierPart {
  if (content.kind === "bytes") {
    return { rank, kind: "bytes", bytes: content.parts[content.parts.length === 1 ? 0 : receiver] as Uint8Array };
  }
  return { rank, kind: "block", handle: content.handle, segment: content.parts === 1 ? 0 : receiver };
}

function blocksOf({ content, executor }: Placed): BarrierBlock[] {
  return content.kind === "block" ? [{ executor, handle: content.handle }] : [];
}
