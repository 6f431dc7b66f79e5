import { serializeError } from "@gloam/common";
import { parentPort, workerData } from "node:worker_threads";
import type { ExchangeData, FromExchange, ToExchange } from "./exchange/exchange-messages.ts";
import { createExchange } from "./exchange/exchange-thread.ts";

/** Entry of an executor's I/O thread. */
if (parentPort === null) throw new Error("this module is the entry of an I/O thread");
const port = parentPort;
const post = (message: FromExchange): void => port.postMessage(message);
try {
  const exchange = await createExchange(workerData as ExchangeData, post);
  port.on("message", (message: ToExchange) => exchange.receive(message));
} catch (error) {
  post({ type: "failed", error: serializeError(error) });
}
