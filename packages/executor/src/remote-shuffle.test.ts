import { createBatchBuilder, decodeValue, encodeBatches, encodeValue } from "@gloam/arrow";
import { collectedRows, collectSink, type StageDescription } from "@gloam/plan";
import { attachMemoryPool, createMemoryPool, openSegment, SlabRegistry, type OutputHandle } from "@gloam/storage";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel, Worker, type MessagePort } from "node:worker_threads";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createExchangeSignal } from "./exchange/exchange-signal.ts";
import type { RemoteOutput } from "./exchange/remote-output.ts";
import { TaskClaims } from "./task-claims.ts";
import type { FromWorker, ShuffleInput, ToWorker } from "./task-messages.ts";
import { IoThread, ServingExecutor } from "./testing/io-thread.ts";
import type { WorkerData } from "./worker-thread.ts";

// A worker of an executor runs reduce tasks over what two other executors hold.

const first = new ServingExecutor("first", 64 * 2 ** 20);
const second = new ServingExecutor("second", 0);
const own = new IoThread("own");
const scratchPath = mkdtempSync(join(tmpdir(), "gloam-remote-"));
const shared = createMemoryPool({ totalBytes: 64 * 2 ** 20, slots: 1, heapBudget: 2 ** 20 });
const pool = attachMemoryPool(shared);
const claims = TaskClaims.shared(1);
const offering = new TaskClaims(claims);
const messages: FromWorker[] = [];
const slabs = new SlabRegistry();
let worker: Worker;
let port: MessagePort;

beforeAll(async () => {
  await Promise.all([first.start(), second.start(), own.port()]);
  const { port1, port2 } = new MessageChannel();
  const signal = createExchangeSignal();
  own.send({ type: "worker", port: port2, signal }, [port2]);
  const { port1: control, port2: theirs } = new MessageChannel();
  port = control;
  const { port2: broadcasts } = new MessageChannel();
  const data: WorkerData = {
    port: theirs,
    storage: { pool: shared, slot: 0, store: pool.nextId(), scratchPath, slabs: [] },
    ...{ claims, heapBytes: 2 ** 26, freeze: false, sourceMaps: false },
    exchange: { port: port1, signal },
    broadcasts: { port: broadcasts, signal: createExchangeSignal() },
  };
  worker = new Worker(new URL(import.meta.resolve("@gloam/executor/worker")), {
    workerData: data,
    transferList: [theirs, port1, broadcasts],
    execArgv: [],
  });
  port.on("message", (message: FromWorker) => {
    messages.push(message);
    if (message.type === "slab") slabs.add(message);
  });
  const stage: StageDescription = {
    nodes: [
      {
        ...{ id: 1, operation: "partitionBy", callSite: undefined, level: undefined },
        kernel: { package: "@gloam/shuffle", export: "shuffledReader", functions: [] },
        inputs: [{ kind: "shuffle", shuffle: 5 }],
      },
    ],
    sink: collectSink(),
  };
  send({ type: "stage", stage: 1, shuffleMap: false, bytes: encodeValue(stage, { name: "a stage" }) });
});

afterAll(async () => {
  await worker.terminate();
  await Promise.all([first.end(), second.end(), own.terminate()]);
  rmSync(scratchPath, { recursive: true, force: true });
});

function send(message: ToWorker): void {
  port.postMessage([message]);
}

/** Runs a task over these outputs, by map partition. */
async function run(task: number, partition: number, handles: readonly unknown[]): Promise<FromWorker> {
  const shuffle: ShuffleInput = {
    shuffle: 5,
    outputs: handles.map((handle, map) => ({ partition: map, task: 100 + map, handle, sketch: undefined })),
  };
  const ticket = offering.offer(0);
  messages.length = 0;
  const place = { task, cell: 0, ticket, stage: 1, partition, attempt: 0 };
  send({ type: "task", task: { ...place, payloads: [], cached: [], shuffles: [shuffle] } });
  let end: FromWorker | undefined;
  while (end === undefined) {
    await new Promise((resolve) => port.once("message", resolve));
    end = messages.find(({ type }) => type === "finished" || type === "failed");
  }
  return end;
}

/** Chunks of a hundred numbers each. */
function chunksOf(numbers: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let from = 0; from < numbers.length; from += 100) {
    const builder = createBatchBuilder();
    for (const number of numbers.slice(from, from + 100)) builder.append(number);
    chunks.push(encodeBatches([builder.finish()]));
  }
  return chunks;
}

/** Twenty map outputs of two executors by turns, with two segments each, and the numbers in each segment. */
function commit(): { handles: RemoteOutput[]; numbers: number[][] } {
  const handles: RemoteOutput[] = [];
  const numbers: number[][] = [[], []];
  for (let map = 0; map < 20; map++) {
    const segments = [0, 1].map((segment) =>
      Array.from({ length: map * 31 }, (_, index) => map * 1000 + index * 2 + segment),
    );
    handles.push((map % 2 === 0 ? first : second).commit(segments.map(chunksOf)).output);
    segments.forEach((values, segment) => numbers[segment]!.push(...values));
  }
  return { handles, numbers };
}

test("a reduce task reads what other executors hold, in map order", async () => {
  const { handles, numbers } = commit();
  for (const partition of [0, 1]) {
    const end = await run(partition, partition, handles);
    if (end.type !== "finished" || end.outcome.kind !== "result") throw new Error(JSON.stringify(end));
    const { bytes, encoded } = end.outcome;
    expect(collectedRows(encoded ? decodeValue(bytes) : bytes)).toEqual(numbers[partition]);
  }
});

test("a large result is kept as a block, in pieces that can be fetched one by one", async () => {
  const numbers = Array.from({ length: 400_000 }, (_, index) => index);
  const { output } = first.commit([chunksOf(numbers)]);
  const end = await run(5, 0, [output]);
  if (end.type !== "finished" || end.outcome.kind !== "storedResult") throw new Error(JSON.stringify(end));
  const { handle, encoded } = end.outcome;
  const segment = openSegment(handle as OutputHandle, 0, slabs);
  const chunks = Array.from({ length: segment.chunks }, (_, index) => segment.chunk(index));
  expect(chunks.map(({ length }) => length).slice(0, -1)).toEqual(Array(chunks.length - 1).fill(2 ** 20));
  expect(encoded).toBe(false);
  expect(collectedRows(new Uint8Array(Buffer.concat(chunks)))).toEqual(numbers);
  send({ type: "free", handles: [handle] });
});

test("a lost output fails the task with the map task that wrote it", async () => {
  const { handles } = commit();
  const { store, output } = handles[7]!;
  second.thread.send({ type: "freed", outputs: [{ store, output }] });
  const end = await run(2, 0, handles);
  expect(end).toMatchObject({
    type: "failed",
    failure: {
      ...{ kind: "fetchFailed", shuffle: 5, mapPartition: 7, mapTask: 107 },
      error: { gloam: { code: "GLOAM_FETCH_FAILED" } },
    },
  });
});

test("a task that is cancelled while it waits ends as cancelled, not as one that lost a block", async () => {
  const { handles } = commit();
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const waits = { ...handles[5]!, port: (silent.address() as AddressInfo).port };
  const running = run(3, 0, [...handles.slice(0, 5), waits]);
  await new Promise((resolve) => setTimeout(resolve, 200));
  pool.requestCancel(0, 3);
  expect(await running).toMatchObject({ type: "failed", failure: { kind: "killed" } });
  silent.close();
  expect(await run(4, 0, handles)).toMatchObject({ type: "finished" });
});
