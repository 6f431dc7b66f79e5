import { setFlagsFromString } from "node:v8";

/**
 * Lets V8 inline what a stage's loop calls. Its limit, 920 bytes of bytecode for a compilation, is for code of many functions; a
 * loop of ours is all the work there is, and what it calls in every turn soon exceeds that: functions that take tuples apart,
 * mapped vectors. What is not inlined gets its rows in memory and its floats boxed (logistic regression takes 15 % more). A higher
 * limit for each function, 460 bytes, only made V8 compile longer.
 *
 * A flag of the whole process; code that is compiled later is.
 */
export function inlineWholeLoops(): void {
  setFlagsFromString("--max-inlined-bytecode-size-cumulative=2000");
}
