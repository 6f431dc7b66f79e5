import { setFlagsFromString } from "node:v8";

/**
 * MiB of old objects and buffers that a worker may hold before V8 collects them. V8 counts the buffers outside of its heap, tables of
 * several megabytes that each task makes, but sets its limit by the few objects inside, of 10 MiB as a rule.
 */
const floor = 64;

/**
 * Keeps V8 from collecting a worker's whole heap over and over while there is next to nothing in it (seen: 105 times in 9 s of PageRank,
 * 24 with the floor; a tenth of the processor's time, most of it in V8's own threads, which compete with the tasks).
 *
 * A flag of the whole process; threads that start later have it.
 */
export function raiseHeapFloor(): void {
  setFlagsFromString(`--initial-old-space-size=${floor}`);
}
