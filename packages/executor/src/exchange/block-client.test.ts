import { createRandom, isGloamError, type GloamError, type Timers } from "@gloam/common";
import { packMessage, type ConnectionObserver } from "@gloam/protocol";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BlockClient } from "./block-client.ts";
import { layOut } from "./chunk-layout.ts";
import type { FetchedPart } from "./block-fetch.ts";
import { decodeRequest, encodeAnswer, type BlockAnswer, type BlockPart, type BlockRequest } from "./block-messages.ts";
import { answerTimeoutOf, type FetchingSide } from "./remote-executor.ts";

// Of the thousands of errors that are made here nobody reads the stacks, which cost most.
const { stackTraceLimit } = Error;
beforeAll(() => void (Error.stackTraceLimit = 0));
afterAll(() => void (Error.stackTraceLimit = stackTraceLimit));

/** Timers that run when they are told to. */
class VirtualTimers implements Timers {
  now = 0;
  readonly #waiting = new Set<{ readonly at: number; readonly action: () => void }>();

  after(milliseconds: number, action: () => void): () => void {
    const entry = { at: this.now + milliseconds, action };
    this.#waiting.add(entry);
    return () => this.#waiting.delete(entry);
  }

  /** Moves time to the next action, and runs it. */
  async next(): Promise<void> {
    const [entry] = [...this.#waiting].sort((a, b) => a.at - b.at);
    if (entry === undefined) throw new Error("nothing waits");
    this.#waiting.delete(entry);
    this.now = entry.at;
    entry.action();
    await settled();
  }

  get waiting(): number {
    return this.#waiting.size;
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A connection whose other side is the test. */
class FakeConnection implements FetchingSide {
  readonly requests: BlockRequest[] = [];
  received = 0;
  closed = false;
  #observer: ConnectionObserver | undefined;

  get traffic(): { readonly sent: number; readonly received: number } {
    return { sent: 0, received: this.received };
  }

  observe(observer: ConnectionObserver): void {
    this.#observer = observer;
  }

  send(message: Uint8Array): void {
    this.requests.push(decodeRequest(message));
  }

  /** Throws what would end a connection. */
  answer(message: Uint8Array, attachments: readonly Uint8Array[] = []): void {
    this.received += message.length;
    this.#observer?.onMessage({ message, attachments });
  }

  /** Answers the last request. */
  chunks(parts: BlockAnswer["parts"], attachments: readonly Uint8Array[] = []): void {
    this.answer(encodeAnswer({ id: this.id, parts }), attachments);
  }

  get id(): number {
    return this.requests.reduce((last, request) => ("id" in request ? request.id : last), -1);
  }

  lose(error?: GloamError): void {
    if (this.closed) return;
    this.closed = true;
    this.#observer?.onClose(error);
  }

  close(): void {
    this.lose();
  }

  terminate(): void {
    this.lose();
  }
}

const address = { executor: "there", host: "h", port: 1 };
const parts: BlockPart[] = [
  { store: 1, output: 1, segment: 0, from: 0, to: 3 },
  { store: 1, output: 2, segment: 5, from: 4, to: 5 },
];

/** What their index says; only what comes compressed is held against that here. */
const wanted = parts.map((part) => ({ ...part, chunkBytes: Array.from({ length: part.to - part.from }, () => 1) }));

/** A client whose connections are given by the test: an error for an attempt that fails. */
function client(attempts: (FakeConnection | Error)[], jitter = 0.5) {
  const timers = new VirtualTimers();
  const times: number[] = [];
  const blocks = new BlockClient({
    name: "here",
    secret: new Uint8Array(32),
    timers,
    random: { ...createRandom(1), next: () => jitter },
    connect: () => {
      times.push(timers.now);
      const attempt = attempts.shift() ?? new Error("nobody is there");
      return attempt instanceof Error ? Promise.reject(attempt) : Promise.resolve(attempt);
    },
  });
  const fetched: FetchedPart[] = [];
  const fetch = (signal?: AbortSignal): void =>
    blocks.fetch(address, wanted, { onFetched: (all) => fetched.push(...all), signal });
  return { blocks, timers, times, fetched, fetch };
}

/** What came, in short. */
function shortly(fetched: readonly FetchedPart[]): unknown[] {
  return fetched.map((each) =>
    "error" in each ? [each.part, each.error.code] : [each.part, each.from, ...each.chunks.map((chunk) => [...chunk])],
  );
}

test("gives chunks as they come, and keeps the connection for a minute", async () => {
  const connection = new FakeConnection();
  const { blocks, timers, times, fetched, fetch } = client([connection]);
  fetch();
  await settled();
  expect(connection.requests).toEqual([{ id: connection.id, parts }]);
  // Two small chunks share an attachment.
  const shared = Uint8Array.of(1, 2, 0, 0, 0, 0, 0, 0, 3);
  connection.chunks([{ part: 1, from: 4, lengths: [2] }, { part: 0, from: 0, lengths: [1] }], [shared]); // prettier-ignore
  connection.chunks([{ part: 0, from: 1, lengths: [0, 1] }], [Uint8Array.of(9)]);
  expect(shortly(fetched)).toEqual([[1, 4, [1, 2]], [0, 0, [3]], [0, 1, [], [9]]]); // prettier-ignore
  fetch();
  expect(connection.requests).toHaveLength(2);
  connection.chunks([0, 1].map((part) => ({ part, failure: "corrupt", detail: "bad" })));
  expect(shortly(fetched.slice(3))).toEqual([[0, "GLOAM_BLOCK_CORRUPT"], [1, "GLOAM_BLOCK_CORRUPT"]]); // prettier-ignore
  await timers.next();
  expect([timers.now, times.length, connection.closed, blocks.remotes]).toEqual([60_000, 1, true, 0]);
});

test("asks again for what is missing, and for nothing else", async () => {
  const [first, second] = [new FakeConnection(), new FakeConnection()];
  const { timers, times, fetched, fetch } = client([first, second]);
  fetch();
  await settled();
  first.chunks([{ part: 0, from: 0, lengths: [1, 1] }], [Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 2)]);
  first.chunks([{ part: 1, failure: "missing", detail: "freed" }]);
  first.lose();
  await timers.next();
  expect(times).toEqual([0, 100]);
  expect(second.requests).toEqual([{ id: second.id, parts: [{ ...parts[0], from: 2 }] }]);
  second.chunks([{ part: 0, from: 2, lengths: [1] }], [Uint8Array.of(3)]);
  expect(shortly(fetched)).toEqual([[0, 0, [1], [2]], [1, "GLOAM_FETCH_FAILED"], [0, 2, [3]]]); // prettier-ignore
});

test("tries three times more, with growing delays, then each missing part fails", async () => {
  const { blocks, timers, times, fetched, fetch } = client([]);
  fetch();
  await settled();
  for (let i = 0; i < 3; i++) await timers.next();
  expect(times).toEqual([0, 100, 300, 700]);
  expect(shortly(fetched)).toEqual([[0, "GLOAM_FETCH_FAILED"], [1, "GLOAM_FETCH_FAILED"]]); // prettier-ignore
  expect([timers.waiting, blocks.remotes]).toEqual([0, 0]);
});

test("spreads out the attempts", async () => {
  const times = [0, 0.999].map(async (jitter) => {
    const { timers, times: attempts, fetch } = client([], jitter);
    fetch();
    await settled();
    await timers.next();
    return attempts[1];
  });
  const [early, late] = await Promise.all(times);
  expect(early).toBe(50);
  expect(late).toBeCloseTo(149.9);
});

test("begins to count anew when something has come", async () => {
  const connections = Array.from({ length: 3 }, () => new FakeConnection());
  const { timers, times, fetch } = client([...connections]);
  fetch();
  await settled();
  for (const [index, connection] of connections.entries()) {
    connection.chunks([{ part: 0, from: index, lengths: [0] }], [new Uint8Array()]);
    connection.lose();
    await timers.next();
  }
  expect(times).toEqual([0, 100, 200, 300]);
});

test("gives a connection up over which nothing comes, not one that is slow", async () => {
  const [silent, slow] = [new FakeConnection(), new FakeConnection()];
  const { timers, times, fetch } = client([silent, slow]);
  fetch();
  await settled();
  await timers.next();
  expect([silent.closed, timers.now]).toEqual([true, 30_000]);
  await timers.next();
  for (let i = 0; i < 5; i++) {
    slow.received++;
    await timers.next();
  }
  expect([slow.closed, times.length]).toEqual([false, 2]);
  await timers.next();
  expect(slow.closed).toBe(true);
});

test("all attempts together take no longer than whoever says nothing counts as there", () => {
  expect(answerTimeoutOf(120_000)).toBe(30_000);
  // A timer that is set for more rings at once.
  expect(answerTimeoutOf(1e12)).toBe(2 ** 31 - 1);
});

test("a fetch that is aborted is called off, and what still comes is ignored", async () => {
  const connection = new FakeConnection();
  const { timers, fetched, fetch } = client([connection]);
  const abort = new AbortController();
  fetch(abort.signal);
  await settled();
  abort.abort();
  expect(connection.requests.at(-1)).toEqual({ cancel: connection.id });
  connection.chunks([{ part: 0, from: 0, lengths: [0] }], [new Uint8Array()]);
  expect([fetched, connection.closed]).toEqual([[], false]);
  fetch(abort.signal);
  expect(connection.requests).toHaveLength(2);
  await timers.next();
  expect([connection.closed, timers.now]).toEqual([true, 60_000]);
});

test("an aborted fetch does not wait for a connection", async () => {
  const { blocks, timers, times, fetched, fetch } = client([]);
  const abort = new AbortController();
  fetch(abort.signal);
  abort.abort();
  await settled();
  expect([times.length, blocks.remotes, timers.waiting, fetched.length]).toEqual([1, 0, 0, 0]);
});

test("is over when it is closed", async () => {
  const connection = new FakeConnection();
  const { blocks, timers, fetched, fetch } = client([connection]);
  fetch();
  await settled();
  blocks.close();
  expect(shortly(fetched)).toEqual([[0, "GLOAM_FETCH_FAILED"], [1, "GLOAM_FETCH_FAILED"]]); // prettier-ignore
  expect([connection.closed, timers.waiting]).toEqual([true, 0]);
});

test("whoever asks again when it is closed is told so, and no connection is made for that", async () => {
  const connection = new FakeConnection();
  const { blocks, timers, times, fetch } = client([connection, new FakeConnection()]);
  const told: FetchedPart[][] = [];
  const ask = (): void =>
    blocks.fetch(address, wanted, {
      onFetched: (all) => {
        if (told.push([...all]) === 1) ask();
      },
    });
  ask();
  await settled();
  blocks.close();
  const abort = new AbortController();
  fetch(abort.signal);
  abort.abort();
  await settled();
  const failed = [[0, "GLOAM_FETCH_FAILED"], [1, "GLOAM_FETCH_FAILED"]]; // prettier-ignore
  expect(told.map(shortly)).toEqual([failed, failed]);
  expect([times.length, timers.waiting, blocks.remotes, connection.requests.length]).toEqual([1, 0, 0, 1]);
});

test.each(["fails", "is closed"])("what is called off when the first of several %s is not heard of", async (how) => {
  const { blocks, timers } = client(how === "fails" ? [] : [new FakeConnection()]);
  const abort = new AbortController();
  let told = 0;
  const onFetched = (): void => {
    told++;
    abort.abort();
  };
  for (let i = 0; i < 3; i++) blocks.fetch(address, wanted, { onFetched, signal: abort.signal });
  await settled();
  if (how === "is closed") blocks.close();
  else for (let i = 0; i < 3; i++) await timers.next();
  expect([told, timers.waiting, blocks.remotes]).toEqual([1, 0, 0]);
});

test("answers that nobody asked for end the connection, and nothing of them counts", async () => {
  const given = fc.array(
    fc.record({ part: fc.nat(2), from: fc.constantFrom(0, 1, 2, 4), lengths: fc.array(fc.nat(20), { maxLength: 3 }) }),
    { minLength: 1, maxLength: 2 },
  );
  const attachments = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 3 });
  const answer = fc.oneof(
    given.map((all) => {
      const right = layOut(
        all.flatMap(({ lengths }) => lengths),
        false,
      ).map(({ bytes }) => new Uint8Array(bytes));
      return [{ parts: all }, right] as const;
    }),
    fc.tuple(given, attachments).map(([all, bytes]) => [{ parts: all }, bytes] as const),
    fc.tuple(fc.anything(), attachments),
  );
  const seen = { refused: 0, taken: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { minLength: 10, maxLength: 40 }), async (answers) => {
      const connection = new FakeConnection();
      const { fetched, fetch } = client([connection]);
      fetch();
      await settled();
      for (const [message, bytes] of answers) {
        const before = fetched.length;
        try {
          connection.answer(packMessage({ id: connection.id, ...(message as object) }), bytes);
          if (fetched.length > before) seen.taken++;
        } catch (error) {
          if (!isGloamError(error) || error.code !== "GLOAM_FRAME_INVALID") throw error;
          expect(fetched).toHaveLength(before);
          seen.refused++;
        }
      }
      // Whatever came: chunks that were asked for, once and in order.
      const next = parts.map(({ from }) => from);
      for (const each of fetched) {
        if ("error" in each) continue;
        expect(each.from).toBe(next[each.part]);
        next[each.part]! += each.chunks.length;
        expect(next[each.part]).toBeLessThanOrEqual(parts[each.part]!.to);
      }
    }),
    { numRuns: 1000 },
  );
  expect(seen.refused).toBeGreaterThan(10_000);
  expect(seen.taken).toBeGreaterThan(100);
});
