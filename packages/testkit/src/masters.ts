/**
 * The executor matrix: master URLs over which tests of operations run. One worker shows order and state that leaks from
 * task to task; four show what happens at the same time; processes show what does not travel.
 */
export const masters: readonly string[] = ["local[1]", "local[4]", "local-cluster[2,1,1024]"];
