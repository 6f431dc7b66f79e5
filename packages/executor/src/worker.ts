import { isMainThread, workerData } from "node:worker_threads";
import { markExecutorThread } from "@gloam/plan";
import type { FromWorker, ToWorker } from "./task-messages.ts";
import { Inbox } from "./inbox.ts";
import { createWorker, type WorkerData, type WorkerThread } from "./worker-thread.ts";

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
const inbox = new Inbox(port, data.signal, (message: ToWorker) => worker.receive(message));
const worker: WorkerThread = createWorker(
  data,
  (message: FromWorker, transfer = []) => port.postMessage(message, transfer),
  (find) => inbox.waitFor(find),
  exchange && reading && ((isCancelled) => new reading.WorkerExchange({ ...exchange, isCancelled })),
);
port.postMessage({ type: "ready" } satisfies FromWorker);
