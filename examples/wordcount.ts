/**
 * Counts words: gloam run wordcount.ts PATH...
 *
 * Paths are files, directories or patterns such as "books/*.txt".
 */
import { GloamContext } from "gloam";

const paths = process.argv.slice(2);
if (paths.length === 0) {
  console.error("usage: gloam run wordcount.ts PATH...");
  process.exit(2);
}

await using gc = new GloamContext({ appName: "word count" });
await gc.ready();
const started = performance.now();

const counts = gc
  .textFile(paths)
  .flatMap((line) => line.toLowerCase().match(/\p{L}+/gu) ?? [])
  .map((word) => [word, 1])
  .reduceByKey((a, b) => a + b)
  .cache();

// Words that are equally frequent in the order of the alphabet: the same table however many executors there are.
const top = await counts.takeOrdered(20, ([word, count]) => [-count, word]);
const different = await counts.count();
const total = await counts.values().sum();
const seconds = (performance.now() - started) / 1000;

const widest = Math.max(...top.map(([word]) => word.length));
const most = top[0]?.[1] ?? 1;
for (const [word, count] of top) {
  const bar = "█".repeat(Math.max(1, Math.round((count / most) * 40)));
  console.log(`${word.padStart(widest)} ${String(count).padStart(8)} ${bar}`);
}
const number = new Intl.NumberFormat("en");
console.log(`\n${number.format(total)} words, ${number.format(different)} different ones, in ${seconds.toFixed(2)} s`);
