import { createRandom } from "@gloam/common";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BroadcastTracker } from "./broadcast-tracker.ts";

/** Executors that fetch what they are told to, and what they have. */
class Cluster {
  readonly tracker: BroadcastTracker;
  readonly pieces: number;
  /** Fetches under way. */
  readonly fetching: { readonly executor: string; readonly piece: number; readonly from: string | undefined }[] = [];
  readonly have = new Map<string, Set<number>>();
  readonly givenUp: string[] = [];
  /** How often the driver has sent each piece. */
  readonly sent: number[];

  constructor(pieces: number, { seed = 1, isSmall = false } = {}) {
    this.pieces = pieces;
    this.sent = Array.from<number>({ length: pieces }).fill(0);
    this.tracker = new BroadcastTracker({
      random: createRandom(seed),
      assign: ({ executor, pieces: assigned, from }) => {
        for (const piece of assigned) {
          if (from === undefined) this.sent[piece]!++;
          else expect(this.have.get(from)?.has(piece), `${from} has piece ${piece}`).toBe(true);
          expect(this.have.get(executor)?.has(piece), `${executor} has piece ${piece} already`).toBe(false);
          // What it was told before, it does no more.
          const before = this.fetching.findIndex((each) => each.executor === executor && each.piece === piece);
          if (before >= 0) this.fetching.splice(before, 1);
          this.fetching.push({ executor, piece, from });
        }
      },
      giveUp: (executor) => this.givenUp.push(executor),
    });
    this.tracker.add(1, pieces, isSmall);
  }

  ask(executor: string): void {
    this.have.set(executor, new Set());
    this.tracker.ask(executor, 1);
  }

  /** The fetch at that place among those under way ends well, or badly. */
  end(at: number, isWell = true): void {
    const [{ executor, piece, from } = { executor: "", piece: 0, from: undefined }] = this.fetching.splice(at, 1);
    if (isWell) {
      this.have.get(executor)?.add(piece);
      this.tracker.taken(executor, 1, piece);
    } else this.tracker.failed(executor, 1, piece, from, "it is not here");
  }

  lose(executor: string): void {
    this.have.delete(executor);
    const left = this.fetching.filter((each) => each.executor !== executor);
    this.fetching.splice(0, Infinity, ...left);
    this.tracker.lost(executor);
  }

  get isDone(): boolean {
    return [...this.have.values()].every(({ size }) => size === this.pieces);
  }
}

const names = ["a", "b", "c", "d"];

describe("a tracker of broadcasts", () => {
  test("four executors get all pieces, and the driver sends each once, or twice", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 60 }), (seed, pieces) => {
        const random = createRandom(seed);
        const cluster = new Cluster(pieces, { seed });
        for (const name of names) cluster.ask(name);
        while (cluster.fetching.length > 0) cluster.end(random.nextInt(cluster.fetching.length));
        expect(cluster.isDone).toBe(true);
        expect(Math.max(...cluster.sent)).toBeLessThanOrEqual(2);
        if (pieces >= 30) expect(cluster.sent.reduce((a, b) => a + b)).toBeLessThan(pieces * 1.5);
      }),
    );
  });

  test("executors that come one after the other get nothing more from the driver", () => {
    const cluster = new Cluster(10);
    for (const name of names) {
      cluster.ask(name);
      while (cluster.fetching.length > 0) cluster.end(0);
    }
    expect(cluster.isDone).toBe(true);
    expect(cluster.sent).toEqual(Array.from({ length: 10 }, () => 1));
  });

  test("a hanging executor holds nobody up: what it fetches is sent once more", () => {
    const cluster = new Cluster(4);
    cluster.ask("slow");
    cluster.ask("swift");
    while (cluster.fetching.some(({ executor }) => executor === "swift")) {
      cluster.end(cluster.fetching.findIndex(({ executor }) => executor === "swift"));
    }
    expect(cluster.have.get("swift")?.size).toBe(4);
    expect(Math.max(...cluster.sent)).toBe(2);
  });

  test("a small one goes from the driver to everybody", () => {
    const cluster = new Cluster(1, { isSmall: true });
    for (const name of names) cluster.ask(name);
    expect(cluster.fetching.map(({ from }) => from)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("whatever fails and is lost, who is left gets all, and nobody is told of one that has it no more", () => {
    const action = fc.oneof(
      { weight: 8, arbitrary: fc.record({ what: fc.constant("end" as const), at: fc.nat() }) },
      { weight: 2, arbitrary: fc.record({ what: fc.constant("fail" as const), at: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ what: fc.constant("lose" as const), at: fc.nat() }) },
      { weight: 2, arbitrary: fc.record({ what: fc.constant("ask" as const), at: fc.nat() }) },
    );
    fc.assert(
      fc.property(fc.integer(), fc.array(action, { maxLength: 80 }), fc.integer({ min: 1, max: 20 }), (seed, actions, pieces) => {
        const cluster = new Cluster(pieces, { seed });
        let next = 0;
        for (const { what, at } of actions) {
          const executors = [...cluster.have.keys()];
          const executor = executors[at % Math.max(1, executors.length)];
          if (what === "ask") cluster.ask(`executor-${next++}`);
          else if (what === "lose" && executor !== undefined) cluster.lose(executor);
          else if (cluster.fetching.length > 0) cluster.end(at % cluster.fetching.length, what === "end");
        }
        while (cluster.fetching.length > 0) cluster.end(0);
        for (const [executor, { size }] of cluster.have) {
          if (!cluster.givenUp.includes(executor)) expect(size, executor).toBe(pieces);
        }
      }),
    ); // prettier-ignore
  });

  test("an executor that cannot get a piece gives up, and may ask again", () => {
    const cluster = new Cluster(1);
    cluster.ask("a");
    while (cluster.fetching.length > 0) cluster.end(0, false);
    expect(cluster.givenUp).toEqual(["a"]);
    cluster.ask("a");
    cluster.end(0);
    expect(cluster.isDone).toBe(true);
  });

  test("who has something of it is known when it is freed", () => {
    const cluster = new Cluster(3);
    for (const name of ["a", "b"]) cluster.ask(name);
    cluster.end(0);
    expect(cluster.tracker.clear(1).sort()).toEqual(["a", "b"]);
    expect(cluster.tracker.remove(1)).toEqual([]);
    cluster.tracker.ask("a", 1);
    expect(cluster.tracker.remove(1)).toEqual([]);
  });
});

test("a broadcast whose source was busy with another is fetched when that is through", () => {
  const assigned = new Map<number, number>();
  const tracker = new BroadcastTracker({
    random: createRandom(1),
    assign: ({ broadcast, pieces }) => assigned.set(broadcast, (assigned.get(broadcast) ?? 0) + pieces.length),
    giveUp: () => undefined,
  });
  tracker.add(1, 20, false);
  tracker.add(2, 3, false);
  tracker.ask("executor-1", 1);
  tracker.ask("executor-2", 2);
  expect(assigned.get(2)).toBeUndefined();
  for (let piece = 0; piece < 20; piece++) tracker.taken("executor-1", 1, piece);
  expect(assigned.get(2)).toBe(3);
});
