/** Longer arrays are left to V8: their functions would be too long to be inlined. */
const longest = 16;

/**
 * The source of a function that does what `array.map(f)` does, for arrays of 2 to 16 elements faster: V8's own makes an array of small
 * integers with holes, and another one as soon as the first result is no small integer.
 *
 * Each length has a function without a loop. In it V8 knows every index, and makes the result of the right length and kind at once;
 * where it inlines that into the user's function, it need not even make an array that is only read by index. Lengths that do not occur
 * cost nothing.
 *
 * Self-contained, and compiled anew for each function that calls it, so that the functions that it maps with are inlined.
 */
export function arrayMapperSource(): string {
  const mappers = Array.from({ length: longest + 1 }, (_, length) => (length < 2 ? "undefined" : mapperSource(length)));
  return `((map) => {
const finish = ${finish.toString()};
const mappers = [${mappers.join(",\n")}];
return (array, f) => {
  if (!Array.isArray(array) || array.map !== map || array.constructor !== Array) return array.map(f);
  const mapper = mappers[array.length];
  return mapper === undefined ? array.map(f) : mapper(array, f);
};
})`;
}

/** A function that maps arrays of one length. As little bytecode as can be, for V8 inlines up to a size. */
function mapperSource(length: number): string {
  const places = Array.from({ length }, (_, at) => at);
  const results = places.map((at) => `v${at}`).join();
  const steps = places.map((at) => `if ((x = array[at = ${at}]) !== undefined) { v${at} = f(x, at, array);`);
  return `(array, f) => {
var x, at, ${results};
${steps.join("\n")}
return [${results}];
${"}".repeat(length)}
return finish(array, f, at, ${results});
}`;
}

/** Maps from the first element that is undefined, or missing: holes, also those that f has just made, stay holes. */
function finish(
  array: unknown[],
  f: (value: unknown, index: number, all: unknown[]) => unknown,
  from: number,
  ...results: unknown[]
): unknown[] {
  for (let at = from; at < results.length; at++) {
    if (at in array) results[at] = f(array[at], at, array);
    else Reflect.deleteProperty(results, at);
  }
  return results;
}
