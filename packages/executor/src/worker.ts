import { isMainThread, workerData } from "node:worker_threads";
import { markExecutorThread } from "@gloam/plan";
import type { FromWorker, ToWorker } from "./task-messages.ts";
import { createWorker, type WorkerData } from "./worker-thread.ts";

/** Entry of a worker thread: one task slot of an executor. */
if (isMainThread) throw new Error("this module is the entry of a worker thread");
markExecutorThread();
const data = workerData as WorkerData;
const { port } = data;
// From here on: the modules of this thread itself, which are loaded by now, need none.
if (data.sourceMaps) process.setSourceMapsEnabled(true);
const { exchange } = data;
// Loaded only where there are other executors.
const reading = exchange && (await import("./exchange/worker-exchange.ts"));
const worker = createWorker(
  data,
  (message: FromWorker, transfer = []) => port.postMessage(message, transfer),
  exchange && reading && ((isCancelled) => new reading.WorkerExchange({ ...exchange, isCancelled })),
);
port.on("message", (messages: readonly ToWorker[]) => {
  for (const message of messages) worker.receive(message);
});
port.postMessage({ type: "ready" } satisfies FromWorker);
