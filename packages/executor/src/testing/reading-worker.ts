import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import { crc32 } from "node:zlib";
import { TaskKilledError } from "../block-failure.ts";
import type { Chunks } from "../block-reader.ts";
import type { RemoteSegment } from "../exchange/remote-segment.ts";
import { WorkerExchange } from "../exchange/worker-exchange.ts";
import { FakeMemory } from "./fake-memory.ts";

/** What the thread starts with. */
export interface ReadingWorkerData {
  readonly port: MessagePort;
  readonly signal: SharedArrayBuffer;
  /** Its first word says whether the task was cancelled. */
  readonly cancelled: SharedArrayBuffer;
  readonly maxBytesInFlight: number | undefined;
}

/** A task: what it reads, in order. */
export interface ReadingTask {
  readonly remotes: readonly RemoteSegment[];
  /** Whether all of them are announced first. */
  readonly prefetches: boolean;
  /** Ranges that are opened first, of the remotes of these numbers. */
  readonly ranges: readonly (readonly [remote: number, from: number, to: number])[];
  /** Number of a remote, or of a range behind them, and of the chunk. */
  readonly reads: readonly (readonly [opened: number, chunk: number])[];
  readonly memoryBytes: number;
  /** What is opened is not closed. */
  readonly leaves?: boolean;
}

/** What the thread answers. */
export interface ReadingOutcome {
  /** Checksum of each chunk, or the code of its error. */
  readonly results: readonly (number | string)[];
  /** Bytes of the task's memory at most, and after its end. */
  readonly peak: number;
  readonly held: number;
  readonly milliseconds: number;
}

/** The code of a worker thread that reads for tests: synchronous from the first chunk to the last. */
const { port, signal, cancelled, maxBytesInFlight } = workerData as ReadingWorkerData;
const flag = new Int32Array(cancelled);
const exchange = new WorkerExchange({
  ...{ port, signal, maxBytesInFlight },
  isCancelled: () => Atomics.load(flag, 0) !== 0,
});
parentPort!.on("message", (task: ReadingTask) => parentPort!.postMessage(run(task)));

function run({ remotes, prefetches, ranges, reads, memoryBytes, leaves }: ReadingTask): ReadingOutcome {
  const memory = new FakeMemory(memoryBytes, 1e9);
  const begin = performance.now();
  const opened: Chunks[] = remotes.map((remote) => exchange.open(remote, memory));
  for (const [remote, from, to] of ranges) opened.push(opened[remote]!.range!(from, to));
  if (prefetches) exchange.prefetch(remotes, memory);
  const results = reads.map(([index, chunk]) => {
    try {
      const bytes = opened[index]!.chunk(chunk);
      return bytes.byteOffset % 8 === 0 ? crc32(bytes) : "not aligned";
    } catch (error) {
      return error instanceof TaskKilledError ? "killed" : (error as { readonly code: string }).code;
    }
  });
  if (leaves !== true) for (const each of opened) each.close();
  const { peak } = memory;
  exchange.endTask();
  return { results, peak, held: memory.held, milliseconds: performance.now() - begin };
}
