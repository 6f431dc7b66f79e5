import { describe, expect, test } from "vitest";
import type { BarrierCall, BarrierContent } from "@gloam/plan";
import { BarrierSync, type BarrierOutcome } from "./barrier-sync.ts";

const bytes = (...values: number[]): BarrierContent => ({
  kind: "bytes",
  parts: values.map((value) => Uint8Array.of(value)),
});
const block = (handle: string, parts = 1): BarrierContent => ({ kind: "block", handle, parts });

/** The tasks of a barrier, each of which counts its calls. */
class Tasks {
  readonly sync: BarrierSync;
  readonly #calls: number[];
  readonly #epochs: number[];

  constructor(size: number, timeout = 1000) {
    this.sync = new BarrierSync(size, timeout);
    this.#calls = Array.from<number>({ length: size }).fill(0);
    this.#epochs = Array.from<number>({ length: size }).fill(0);
  }

  collect(
    rank: number,
    operation: string,
    {
      content,
      flow = "all",
      root = 0,
      time = 0,
    }: Partial<Extract<BarrierCall, { kind: "collect" }> & { time: number }>,
  ): BarrierOutcome {
    const call = { kind: "collect", operation, flow, root, site: `line ${rank}`, content } as const;
    return this.sync.enter(
      rank,
      { ...call, call: this.#calls[rank]!++, epoch: this.#epochs[rank]!++ },
      `e${rank}`,
      time,
    );
  }

  send(rank: number, to: number, content: BarrierContent): BarrierOutcome {
    return this.sync.enter(rank, { kind: "send", call: this.#calls[rank]!++, to, content }, `e${rank}`, 0);
  }

  receive(rank: number, from: number): BarrierOutcome {
    return this.sync.enter(
      rank,
      { kind: "receive", call: this.#calls[rank]!++, from, site: `line ${rank}` },
      `e${rank}`,
      0,
    );
  }
}

describe("collective calls", () => {
  test("end when the last task comes, with what each is to get", () => {
    const tasks = new Tasks(3);
    expect(tasks.collect(1, "allToAll", { content: bytes(10, 11, 12) }).answers).toEqual([]);
    expect(tasks.collect(0, "allToAll", { content: bytes(0, 1, 2) }).answers).toEqual([]);
    const { answers } = tasks.collect(2, "allToAll", { content: bytes(20, 21, 22) });
    expect(answers.map(({ rank }) => rank)).toEqual([0, 1, 2]);
    expect(answers[1]!.answer).toEqual({
      call: 0,
      kind: "parts",
      parts: [1, 11, 21].map((value, rank) => ({ rank, kind: "bytes", bytes: Uint8Array.of(value) })),
    });
  });

  test("give what the root gives to all, or what all give to the root", () => {
    const tasks = new Tasks(2);
    tasks.collect(0, "gather", { flow: "toRoot", root: 1, content: bytes(5) });
    const gathered = tasks.collect(1, "gather", { flow: "toRoot", root: 1, content: bytes(6) });
    expect(gathered.answers.map(({ answer }) => answer.kind === "parts" && answer.parts.length)).toEqual([0, 2]);
    tasks.collect(0, "broadcast", { flow: "fromRoot", root: 1 });
    const told = tasks.collect(1, "broadcast", { flow: "fromRoot", root: 1, content: bytes(7) });
    expect(told.answers.map(({ answer }) => answer)).toEqual(
      [1, 1].map((call) => ({ call, kind: "parts", parts: [{ rank: 1, kind: "bytes", bytes: Uint8Array.of(7) }] })),
    );
  });

  test("blocks are dropped when the next call is complete: then all have read them", () => {
    const tasks = new Tasks(2);
    tasks.collect(0, "allGather", { content: block("a") });
    expect(tasks.collect(1, "allGather", { content: block("b") }).free).toEqual([]);
    expect(tasks.collect(1, "barrier", { flow: "none" }).free).toEqual([]);
    expect(tasks.collect(0, "barrier", { flow: "none" }).free).toEqual([
      { executor: "e0", handle: "a" },
      { executor: "e1", handle: "b" },
    ]);
    expect(tasks.sync.close()).toEqual([]);
  });

  test("different ones name both lines, and every call from then on fails", () => {
    const tasks = new Tasks(3);
    tasks.collect(0, "barrier", { flow: "none" });
    const { answers } = tasks.collect(2, "allGather", { content: bytes(1) });
    const message = "rank 0 called barrier (line 0), and rank 2 allGather (line 2)";
    expect(answers).toEqual(
      [0, 2].map((rank) => ({ rank, answer: { call: 0, kind: "error", code: "GLOAM_BARRIER_MISMATCH", message } })),
    );
    expect(tasks.collect(1, "barrier", { flow: "none" }).answers).toMatchObject([{ rank: 1, answer: { message } }]);
  });

  test("another root is another call", () => {
    const tasks = new Tasks(2);
    tasks.collect(0, "reduce", { flow: "toRoot", root: 0, content: bytes(1) });
    expect(tasks.collect(1, "reduce", { flow: "toRoot", root: 1, content: bytes(1) }).answers).toMatchObject([
      { answer: { message: "rank 0 called reduce with root 0 (line 0), and rank 1 reduce with root 1 (line 1)" } },
      {},
    ]);
  });

  test("a task that has ended is not waited for", () => {
    const tasks = new Tasks(3);
    tasks.collect(0, "barrier", { flow: "none" });
    expect(tasks.sync.ended(1).answers).toMatchObject([
      { rank: 0, answer: { message: "rank 0 waits in barrier (line 0) for ever, since rank 1 has ended" } },
    ]);
    expect(tasks.collect(2, "barrier", { flow: "none" }).answers).toMatchObject([
      { rank: 2, answer: { kind: "error" } },
    ]);
  });

  test("nobody waits for longer than may be", () => {
    const tasks = new Tasks(3, 500);
    expect(tasks.sync.due).toBe(Infinity);
    tasks.collect(0, "barrier", { flow: "none", time: 100 });
    tasks.collect(2, "barrier", { flow: "none", time: 300 });
    expect(tasks.sync.due).toBe(600);
    expect(tasks.sync.expire(599).answers).toEqual([]);
    const message = "rank 0 in barrier (line 0), rank 2 in barrier (line 2) waited for 500 ms; rank 1 did not come";
    expect(tasks.sync.expire(600).answers).toEqual(
      [0, 2].map((rank) => ({ rank, answer: { call: 0, kind: "error", code: "GLOAM_BARRIER_TIMEOUT", message } })),
    );
    expect(tasks.sync.due).toBe(Infinity);
  });

  test("a message that comes a second time says nothing", () => {
    const { sync } = new Tasks(2);
    const call = { kind: "receive", call: 0, from: 0, site: undefined } as const;
    sync.enter(1, call, "e1", 0);
    sync.enter(0, { kind: "send", call: 0, to: 1, content: bytes(1) }, "e0", 0);
    expect(sync.enter(1, call, "e1", 0)).toEqual({ answers: [], free: [] });
    expect(sync.enter(0, { kind: "send", call: 0, to: 1, content: bytes(1) }, "e0", 0).answers).toEqual([]);
  });
});

describe("sending and receiving", () => {
  test("values come in the order in which they were sent, whoever is first", () => {
    const tasks = new Tasks(2);
    tasks.send(0, 1, bytes(1));
    tasks.send(0, 1, bytes(2));
    const values = [tasks.receive(1, 0), tasks.receive(1, 0)].map(({ answers }) => answers);
    expect(values).toMatchObject(
      [1, 2].map((value) => [{ rank: 1, answer: { parts: [{ rank: 0, bytes: Uint8Array.of(value) }] } }]),
    );
    tasks.receive(1, 0);
    expect(tasks.send(0, 1, bytes(3)).answers).toMatchObject([{ rank: 1, answer: { call: 2 } }]);
  });

  test("a block is dropped when its receiver calls again", () => {
    const tasks = new Tasks(2);
    tasks.send(0, 1, block("a"));
    expect(tasks.receive(1, 0).free).toEqual([]);
    expect(tasks.receive(1, 0).free).toEqual([{ executor: "e0", handle: "a" }]);
    tasks.send(0, 1, block("b"));
    expect(tasks.sync.close()).toEqual([{ executor: "e0", handle: "b" }]);
  });

  test("when all wait for each other, all are told", () => {
    const tasks = new Tasks(2);
    tasks.receive(0, 1);
    expect(tasks.receive(1, 0).answers).toMatchObject([
      { rank: 0, answer: { code: "GLOAM_BARRIER_MISMATCH" } },
      {
        rank: 1,
        answer: {
          message: "every task waits for another: rank 0 in receive(1) (line 0), rank 1 in receive(0) (line 1)",
        },
      },
    ]);
  });

  test("whoever waits for one that has ended is told, and gets what that one had sent", () => {
    const tasks = new Tasks(3);
    tasks.send(0, 1, bytes(1));
    tasks.sync.ended(0);
    expect(tasks.receive(1, 0).answers).toMatchObject([{ answer: { kind: "parts" } }]);
    expect(tasks.receive(1, 0).answers).toMatchObject([
      { answer: { message: "rank 1 waits in receive(0) (line 1) for ever, since rank 0 has ended" } },
    ]);
  });
});
