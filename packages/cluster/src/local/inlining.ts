import { setFlagsFromString } from "node:v8";

/**
 * Lets V8 inline all that a stage's loop calls. Its limits, 460 bytes of bytecode for a function and 920 for a compilation, are for code
 * of many functions; a loop of ours is all the work there is, and what it calls in every turn soon exceeds them: functions that
 * take tuples apart, mapped vectors. What is not inlined gets its rows in memory and its floats boxed (logistic regression and
 * k-means take 20 % more).
 *
 * Flags of the whole process; code that is compiled later is.
 */
export function inlineWholeLoops(): void {
  setFlagsFromString("--max-inlined-bytecode-size=1000");
  setFlagsFromString("--max-inlined-bytecode-size-cumulative=3000");
}
