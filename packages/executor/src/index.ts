/** Stage compiler, task loop and worker entry. */
export type * from "./task-messages.ts";
export type { WorkerData } from "./worker-thread.ts";
export type { WorkerStorageData } from "./worker-storage.ts";
