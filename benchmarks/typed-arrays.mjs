/**
 * Measures RDDs of typed arrays, beside the same numbers in arrays: a million elements of ten numbers are cached and summed five
 * times, reduced by key, and sorted by a key beside them.
 *
 *     node benchmarks/typed-arrays.mjs [--master M] [--elements N] [Float64Array,Float32Array,Array]
 *
 * Prints seconds, the memory that the process has gained with the cache, and the bytes that were written for shuffles.
 */
import { parseArgs } from "node:util";
import { GloamContext } from "gloam";

const { values: options, positionals } = parseArgs({
  options: { master: { type: "string", default: "local[2]" }, elements: { type: "string", default: "1000000" } },
  allowPositionals: true,
});
const elements = Number(options.elements);
const dimensions = 10;
const keys = Math.ceil(elements / 10);

for (const name of (positionals[0] ?? "Float64Array,Float32Array,Array").split(",")) {
  const gc = new GloamContext({ master: options.master, appName: "benchmark typed-arrays" });
  try {
    await gc.ready();
    await measure(gc, name);
  } finally {
    await gc.stop();
  }
}

async function measure(gc, name) {
  let shuffled = 0;
  gc.addListener((event) => {
    if (event.type === "taskEnd") shuffled += event.metrics.shuffleBytesWritten ?? 0;
  });
  const say = (what, seconds, bytes) => {
    console.log(
      `${name} ${what}: ${seconds.toFixed(2)} s${bytes === undefined ? "" : `, ${(bytes / 1e6).toFixed(0)} MB`}`,
    );
  };
  const timed = async (job) => {
    const begin = performance.now();
    const answer = await job();
    return { seconds: (performance.now() - begin) / 1000, answer };
  };
  const resident = async () => (await gc.statusTracker.executors()).reduce((sum, each) => sum + each.residentBytes, 0);
  const make =
    name === "Array"
      ? (i) => Array.from({ length: dimensions }, (_, k) => i + k / 2)
      : name === "Float32Array"
        ? (i) => Float32Array.from({ length: dimensions }, (_, k) => i + k / 2)
        : (i) => Float64Array.from({ length: dimensions }, (_, k) => i + k / 2);
  const total = (vector) => {
    let sum = 0;
    for (let k = 0; k < vector.length; k++) sum += vector[k];
    return sum;
  };
  const add = (a, b) => {
    for (let k = 0; k < a.length; k++) a[k] += b[k];
    return a;
  };

  const before = await resident();
  const cached = gc.range(elements, { partitions: 8 }).map(make).cache();
  const first = await timed(() => cached.map(total).sum());
  say("cached and summed", first.seconds, (await resident()) - before);
  const again = await timed(async () => {
    for (let pass = 0; pass < 5; pass++) await cached.map(total).sum();
  });
  say("summed five times", again.seconds);

  shuffled = 0;
  const pairs = cached.map((vector) => [vector[0] % keys, vector]);
  const reduced = await timed(() => pairs.reduceByKey(add).count());
  say(`reduced to ${reduced.answer} keys`, reduced.seconds, shuffled);
  shuffled = 0;
  const sorted = await timed(() => pairs.sortByKey().values().map(total).sum());
  say("sorted by key", sorted.seconds, shuffled);
}
