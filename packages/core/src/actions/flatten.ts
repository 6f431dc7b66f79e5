/** Arrays that one call takes as its arguments. */
const arraysPerCall = 10_000;

/** `arrays.flat()`, over ten times as fast for large arrays. */
export function flatten<T>(arrays: readonly T[][]): T[] {
  let all: T[] = [];
  for (let at = 0; at < arrays.length; at += arraysPerCall) all = all.concat(...arrays.slice(at, at + arraysPerCall));
  return all;
}
