import { setFlagsFromString } from "node:v8";

/**
 * Keeps V8 from making rows among the old objects. It does so where most objects of one place in the code outlived a collection, as while
 * a partition is cached or a buffer of pairs fills; the same code then makes rows that die at once, and each few
 * megabytes of them cost a full collection (seen: 190 in 10 s of k-means, 15 without; a quarter of the time).
 *
 * A flag of the whole process; threads that start later have it.
 */
export function keepRowsYoung(): void {
  setFlagsFromString("--no-allocation-site-pretenuring");
}
