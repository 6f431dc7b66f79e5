import { parentPort, workerData } from "node:worker_threads";
import { serializeError, systemClock } from "@gloam/common";
import { makeBackend } from "./threaded/backend-module.ts";
import { SchedulingService } from "./threaded/scheduling-service.ts";
import type { FromSchedulingThread, SchedulingThreadData, ToSchedulingThread } from "./threaded/thread-messages.ts";
import { systemTimers } from "@gloam/common";

/** Entry of the thread that schedules for a driver: `ThreadedScheduling` starts it. What is thrown here ends it. */
if (parentPort === null) throw new Error("this module is the entry of a worker thread");
const port = parentPort;
const data = workerData as SchedulingThreadData;
const send = (message: FromSchedulingThread, transfer: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, transfer);
try {
  const backend = await makeBackend(data.backend);
  const service = new SchedulingService({ ...data, backend, clock: systemClock, timers: systemTimers, send });
  // What has been said since the thread was started waits in the port.
  port.on("message", (message: ToSchedulingThread) => service.receive(message));
  await service.start();
} catch (error) {
  // Nobody listens: the thread ends.
  send({ type: "startFailed", error: serializeError(error) });
}
