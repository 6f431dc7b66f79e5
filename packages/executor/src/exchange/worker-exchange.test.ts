import fc from "fast-check";
import { createServer, type AddressInfo } from "node:net";
import { MessageChannel, Worker } from "node:worker_threads";
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { IoThread, ioThreadEntry, ServingExecutor, testSecret } from "../testing/io-thread.ts";
import { patternOf } from "../testing/output-source.ts";
import type { ReadingOutcome, ReadingTask, ReadingWorkerData } from "../testing/reading-worker.ts";
import { createExchangeSignal } from "./exchange-signal.ts";
import type { RemoteSegment } from "./remote-segment.ts";

const threads: Worker[] = [];

/** A worker thread that reads through an I/O thread. */
class Reader {
  readonly cancelled = new Int32Array(new SharedArrayBuffer(4));
  readonly #worker: Worker;
  #resolve: (outcome: ReadingOutcome) => void = () => undefined;

  constructor(thread: IoThread, maxBytesInFlight?: number) {
    const { port1, port2 } = new MessageChannel();
    const signal = createExchangeSignal();
    thread.send({ type: "worker", port: port2, signal }, [port2]);
    const module = new URL("../testing/reading-worker.ts", import.meta.url).href;
    const loader = import.meta.resolve("tsx/esm/api");
    const data: ReadingWorkerData = {
      ...{ port: port1, signal, maxBytesInFlight },
      cancelled: this.cancelled.buffer,
    };
    this.#worker = new Worker(
      `import(${JSON.stringify(loader)}).then(({ register }) => (register(), import(${JSON.stringify(module)})))`,
      { eval: true, workerData: data, transferList: [port1], execArgv: [] },
    );
    threads.push(this.#worker);
    this.#worker.on("message", (outcome: ReadingOutcome) => this.#resolve(outcome));
    this.#worker.on("error", (error) => {
      throw error;
    });
  }

  run(task: Partial<ReadingTask> & Pick<ReadingTask, "remotes" | "reads">): Promise<ReadingOutcome> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      const complete: ReadingTask = { prefetches: false, ranges: [], memoryBytes: 1e9, ...task };
      this.#worker.postMessage(complete);
    });
  }
}

const first = new ServingExecutor("first", 512 * 2 ** 20);
const second = new ServingExecutor("second", 2 ** 20);
const own = new IoThread("own");
let reader: Reader;
/** May ask for little ahead. */
let modest: Reader;

beforeAll(async () => {
  await Promise.all([first.start(), second.start(), own.port()]);
  reader = new Reader(own);
  modest = new Reader(own, 100_000);
});

afterAll(async () => {
  await Promise.all(threads.map((thread) => thread.terminate()));
  await Promise.all([first.end(), second.end(), own.terminate()]);
});

/** Every chunk of every remote, in order. */
const allOf = (remotes: readonly RemoteSegment[]): (readonly [number, number])[] =>
  remotes.flatMap(({ chunkBytes }, index) => chunkBytes.map((_, chunk) => [index, chunk] as const));

describe("a worker thread", () => {
  const chunksOf = (seed: number): Uint8Array[] =>
    Array.from({ length: 2 + (seed % 9) }, (_, chunk) => patternOf(seed * 10 + chunk, [0, 5000, 60_000, 1, 400_000][(seed + chunk) % 5]!)); // prettier-ignore
  const chunks = Array.from({ length: 24 }, (_, seed) => chunksOf(seed));
  let remotes: RemoteSegment[];

  beforeAll(() => {
    // By turns of either executor.
    const halves = [first, second].map(
      (executor, half) => executor.commit(chunks.filter((_, index) => index % 2 === half)).remotes,
    );
    remotes = chunks.map((_, index) => halves[index % 2]![Math.floor(index / 2)]!);
  });

  test.each([
    ["much", () => reader],
    ["little", () => modest],
  ] as const)("reads all segments in order, with %s ahead", async (_, of) => {
    // prettier-ignore
    const reads = allOf(remotes);
    const { results, held } = await of().run({ remotes, prefetches: true, reads });
    expect(results).toEqual(chunks.flat().map((bytes) => crc32(bytes)));
    expect(held).toBe(0);
  });

  test("reads any chunks in any order, whatever was announced and whatever fits", async () => {
    const indices = fc.uniqueArray(fc.nat(23), { minLength: 1, maxLength: 10 });
    const task = fc.record({
      indices,
      prefetches: fc.boolean(),
      reads: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 40 }),
      memoryBytes: fc.constantFrom(0, 300_000, 1e9),
      isModest: fc.boolean(),
      leaves: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(task, async ({ indices: chosen, prefetches, reads, memoryBytes, isModest, leaves }) => {
        // Each segment, and a range of it.
        const ranges = chosen.map((index, remote) => {
          const { length } = chunks[index]!;
          return [remote, index % length, length] as const;
        });
        const wanted = reads.map(([a, b]) => {
          const opened = a % (2 * chosen.length);
          const { length } = chunks[chosen[opened % chosen.length]!]!;
          return [opened, b % length] as const;
        });
        const { results, held } = await (isModest ? modest : reader).run({
          remotes: chosen.map((index) => remotes[index]!),
          ...{ prefetches, ranges, reads: wanted, memoryBytes, leaves },
        });
        expect(results).toEqual(
          wanted.map(([opened, chunk]) => crc32(chunks[chosen[opened % chosen.length]!]![chunk]!)),
        );
        expect(held).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test("merges: reads ranges of many segments side by side, each forward", async () => {
    const ranges = chunks.map(({ length }, index) => [index, 1, length] as const);
    const reads: (readonly [number, number])[] = [];
    for (let chunk = 1; chunk < 11; chunk++) {
      ranges.forEach(([, , to], index) => chunk < to && reads.push([chunks.length + index, chunk]));
    }
    for (const each of [reader, modest]) {
      const { results, held, peak } = await each.run({ remotes, ranges, reads });
      expect(results).toEqual(reads.map(([opened, chunk]) => crc32(chunks[opened - chunks.length]![chunk]!)));
      expect(held).toBe(0);
      expect(peak).toBeLessThanOrEqual(each === modest ? 500_000 : 24 * 2 ** 20);
    }
  });

  test("counts what it asked for in the task's memory, and lives with less", async () => {
    const reads = allOf(remotes);
    const ample = await reader.run({ remotes, prefetches: true, reads });
    const scarce = await reader.run({ remotes, prefetches: true, reads, memoryBytes: 450_000 });
    expect(scarce.results).toEqual(ample.results);
    expect(scarce.peak).toBeLessThanOrEqual(450_000);
    expect(ample.peak).toBeGreaterThan(1_000_000);
  });

  test("leaves behind what it did not read", async () => {
    for (let round = 0; round < 5; round++) {
      const { results, held } = await reader.run({ remotes, prefetches: true, reads: [[5, 1]], leaves: true });
      expect([results, held]).toEqual([[crc32(chunks[5]![1]!)], 0]);
    }
  });

  test("learns what is lost, each segment for itself", async () => {
    const { handle, remotes: freed } = first.commit([[patternOf(1, 1000)], [patternOf(2, 1000)]]);
    first.thread.send({ type: "freed", outputs: [handle] });
    await expect
      .poll(() => first.thread.messages.at(-1))
      .toEqual({ type: "released", outputs: [{ store: handle.store, output: handle.output }] });
    const other = { ...remotes[0]!, chunkBytes: remotes[0]!.chunkBytes.map((bytes) => bytes + 1) };
    const { results, held } = await reader.run({
      remotes: [freed[0]!, remotes[3]!, freed[1]!, other],
      prefetches: true,
      reads: [[1, 1], [0, 0], [2, 0], [1, 2], [3, 0]], // prettier-ignore
    });
    expect(results).toEqual([
      crc32(chunks[3]![1]!),
      "GLOAM_FETCH_FAILED",
      "GLOAM_FETCH_FAILED",
      crc32(chunks[3]![2]!),
      "GLOAM_BLOCK_CORRUPT",
    ]);
    expect(held).toBe(0);
  });

  test("does not wait when its task is cancelled", async () => {
    // Takes connections, and says nothing.
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    const running = reader.run({ remotes: [{ ...remotes[0]!, port }], prefetches: true, reads: [[0, 0]] });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const begin = performance.now();
    Atomics.store(reader.cancelled, 0, 1);
    const { results } = await running;
    expect(results).toEqual(["killed"]);
    // 50 ms, and what a busy machine takes.
    expect(performance.now() - begin).toBeLessThan(1000);
    Atomics.store(reader.cancelled, 0, 0);
    silent.close();
    const after = await reader.run({ remotes, reads: [[0, 0]] });
    expect(after.results).toEqual([crc32(chunks[0]![0]!)]);
  });

  test("learns that an executor is gone", async () => {
    const gone = { ...remotes[0]!, port: 1 };
    const { results, milliseconds } = await reader.run({
      remotes: [gone, remotes[1]!],
      prefetches: true,
      reads: [[1, 0], [0, 0]], // prettier-ignore
    });
    expect(results).toEqual([crc32(chunks[1]![0]!), "GLOAM_FETCH_FAILED"]);
    expect(milliseconds).toBeGreaterThan(300);
  });
});

test("5,000 tiny segments of 50 outputs are read in order", async () => {
  const outputs = Array.from({ length: 50 }, (_, output) =>
    Array.from({ length: 100 }, (__, segment) => [patternOf(output * 100 + segment, 50 + (segment % 40))]),
  );
  const remotes = outputs.flatMap((segments, index) => (index % 2 === 0 ? first : second).commit(segments).remotes);
  const { results, milliseconds } = await reader.run({ remotes, prefetches: true, reads: allOf(remotes) });
  expect(results).toEqual(outputs.flat(2).map((bytes) => crc32(bytes)));
  // One at a time, each would take a round trip of two processes' event loops.
  expect(milliseconds).toBeLessThan(5000);
});

test("the I/O thread says when it cannot serve", async () => {
  const taken = await first.thread.port();
  const worker = new Worker(ioThreadEntry, {
    workerData: { executor: "late", secret: testSecret, port: taken },
    execArgv: [],
  });
  threads.push(worker);
  const message = await new Promise((resolve) => worker.once("message", resolve));
  expect(message).toMatchObject({ type: "failed", error: { gloam: { code: "GLOAM_CONNECTION_LOST" } } });
});
