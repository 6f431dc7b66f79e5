/** Serving and fetching blocks of outputs over connections, in any thread. */
export type { BlockPart } from "./exchange/block-messages.ts";
export { BlockClient, type BlockClientOptions } from "./exchange/block-client.ts";
export type { FetchedPart, OnFetched } from "./exchange/block-fetch.ts";
export { BlockServer, type BlockServerOptions } from "./exchange/block-server.ts";
export { WorkerExchange, type WorkerExchangeOptions } from "./exchange/worker-exchange.ts";
