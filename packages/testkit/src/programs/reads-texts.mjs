// Reads the file named by its parameter with functions of another module.
import { GloamContext } from "gloam";
import { numbersOf, one, wordsOf } from "./text-functions.mjs";

const gc = new GloamContext({ master: "local[2]" });
try {
  const text = gc.textFile(process.argv[2]);
  const numbers = await text.map(numbersOf).collect();
  const counts = text.flatMap(wordsOf).map(one);
  const counted = await counts.reduceByKey((a, b) => a + b).collect();
  process.stdout.write(JSON.stringify({ numbers, counted: counted.toSorted(([a], [b]) => (a < b ? -1 : 1)) }));
} finally {
  await gc.stop();
}
