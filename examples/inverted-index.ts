/**
 * An inverted index: for each word, the lines of a text that it stands in.
 */
import { GloamContext } from "gloam";

const poem = `The sun was shining on the sea,
Shining with all his might:
He did his very best to make
The billows smooth and bright
And this was odd, because it was
The middle of the night.`;

await using gc = new GloamContext({ appName: "inverted index" });
const index = gc
  .parallelize(poem.split("\n"))
  .zipWithIndex()
  .flatMap(([line, number]) => {
    const words = new Set(line.toLowerCase().match(/[a-z]+/g) ?? []);
    return [...words].map((word) => [word, number + 1] as const);
  })
  .groupByKey()
  .mapValues((numbers) => [...numbers].sort((a, b) => a - b))
  .filter(([, numbers]) => numbers.length > 1)
  .sortByKey();

for await (const [word, numbers] of index) console.log(`${word}: ${numbers.join(", ")}`);
