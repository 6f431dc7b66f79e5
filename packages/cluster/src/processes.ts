/** Backend whose executors are processes of this machine, for the scheduling thread. */
export { createProcessBackend, type ProcessBackendOptions } from "./process/process-backend.ts";
