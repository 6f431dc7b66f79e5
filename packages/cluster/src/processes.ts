/** Backend whose executors are processes of this machine, for the scheduling thread. */
export { createProcessBackend } from "./process/process-backend.ts";
