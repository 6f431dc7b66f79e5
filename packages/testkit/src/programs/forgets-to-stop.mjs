// Ends without stopping its context.
import { GloamContext } from "gloam";

const gc = new GloamContext({ master: "local[2]" });
const sums = gc
  .range(0, 10)
  .map((i) => [i % 2, i])
  .reduceByKey((a, b) => a + b);
process.stdout.write(`${await sums.values().sum()}\n`);
