/** Stage compiler, task loop and worker entry. */
export { chunkBytesOf, compactIndex } from "./exchange/compact-index.ts";
export type * from "./exchange/exchange-messages.ts";
export { createExchangeSignal } from "./exchange/exchange-signal.ts";
export type { ExecutorAddress, RemoteSegment } from "./exchange/remote-segment.ts";
export type { OutputName } from "./exchange/served-outputs.ts";
export type * from "./task-messages.ts";
export { TaskClaims } from "./task-claims.ts";
export type { WorkerData } from "./worker-thread.ts";
export type { WorkerStorageData } from "./worker-storage.ts";
