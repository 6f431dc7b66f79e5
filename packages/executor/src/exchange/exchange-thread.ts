import { systemTimers } from "@gloam/common";
import { Refusals } from "@gloam/protocol";
import { attachMemoryPool } from "@gloam/storage";
import { FreedMemory } from "../freed-memory.ts";
import { BlockClient } from "./block-client.ts";
import { blockCodec } from "./block-codec.ts";
import { BlockServer } from "./block-server.ts";
import type { ExchangeData, FromExchange, ToExchange } from "./exchange-messages.ts";
import { FetchingPort } from "./fetching-port.ts";
import type { OutputName } from "./served-outputs.ts";
import { TrafficCounters } from "./traffic-counters.ts";

/** An executor's I/O thread: serves its blocks to others, and fetches those of others for its workers. */
export interface ExchangeThread {
  receive(message: ToExchange): void;
}

/** Starts serving; `post` sends to the executor's main thread, in order. */
export async function createExchange(
  { executor, secret, host, port, answerTimeout, compression, tls, traffic }: ExchangeData,
  post: (message: FromExchange) => void,
): Promise<ExchangeThread> {
  const codec = compression && blockCodec(compression);
  const refusals = new Refusals((message) => post({ type: "refused", message }), systemTimers);
  const freed = new FreedMemory();
  const counters = new TrafficCounters(traffic);
  let released: OutputName[] = [];
  const server = await BlockServer.start({
    ...{ name: executor, secret, host, port, codec },
    tls: tls && { cert: tls.cert, key: tls.key },
    onReleased: (output) => {
      if (released.push(output) > 1) return;
      // Outputs are freed by the hundred.
      queueMicrotask(() => {
        post({ type: "released", outputs: released });
        released = [];
      });
    },
    onSent: (bytes) => counters.addServed(bytes),
    onTrouble: (error) => refusals.add(error),
  });
  const client = new BlockClient({
    ...{ name: executor, secret, codec, answerTimeout },
    tls: tls && { ca: tls.ca },
    onReceived: (bytes) => counters.addFetched(bytes),
  });
  post({ type: "ready", port: server.port });
  return {
    receive(message) {
      switch (message.type) {
        case "pool":
          server.usePool(attachMemoryPool(message.pool));
          return;
        case "slab":
          server.addSlab(message);
          return;
        case "slabsDropped":
          for (const id of message.ids) server.dropSlab(id);
          freed.add(message.bytes);
          return;
        case "committed":
          for (const handle of message.handles) server.commit(handle);
          return;
        case "freed":
          for (const output of message.outputs) server.free(output);
          return;
        case "worker":
          new FetchingPort(message.port, message.signal, client).listen();
          return;
        case "stop":
          refusals.stop();
          client.close();
          void server.close().then(() => post({ type: "stopped" }));
          return;
        default:
          return message satisfies never;
      }
    },
  };
}
