import { parentPort, workerData } from "node:worker_threads";
import { markExecutorThread } from "@gloam/plan";
import type { FromWorker, ToWorker } from "./task-messages.ts";
import { createWorker, type WorkerData } from "./worker-thread.ts";

/** Entry of a worker thread: one task slot of an executor. */
if (parentPort === null) throw new Error("this module is the entry of a worker thread");
const port = parentPort;
markExecutorThread();
const worker = createWorker(workerData as WorkerData, (message: FromWorker, transfer = []) =>
  port.postMessage(message, transfer),
);
port.on("message", (message: ToWorker) => worker.receive(message));
port.postMessage({ type: "ready" } satisfies FromWorker);
