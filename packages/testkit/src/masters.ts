/**
 * The executor matrix: master URLs over which tests of operations run. One worker shows order and state that leaks from
 * task to task; four show what happens at the same time.
 */
export const masters: readonly string[] = ["local[1]", "local[4]"];
