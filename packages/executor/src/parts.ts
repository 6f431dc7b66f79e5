/** Parts of an executor, for whoever puts them together otherwise than this package does: simulations. */
export { ExecutorProcess, type ExecutorProcessOptions, type TaskRunner } from "./process/executor-process.ts";
