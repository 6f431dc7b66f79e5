/** Serving and fetching blocks of outputs over connections, in any thread. */
export { blockCodec } from "./exchange/block-codec.ts";
export type { WantedPart } from "./exchange/block-messages.ts";
export { BlockClient, type BlockClientOptions } from "./exchange/block-client.ts";
export type { FetchedPart, OnFetched } from "./exchange/block-fetch.ts";
export { BlockServer, type BlockServerOptions } from "./exchange/block-server.ts";
export {
  broadcastSlab,
  mostPieces,
  pieceCount,
  pieceHandle,
  pieceLength,
  pieceName,
} from "./exchange/broadcast-pieces.ts";
export { createExchangeSignal } from "./exchange/exchange-signal.ts";
export { answerTimeoutOf } from "./exchange/remote-executor.ts";
export { createTrafficCounters } from "./exchange/traffic-counters.ts";
export { WorkerExchange, type WorkerExchangeOptions } from "./exchange/worker-exchange.ts";
