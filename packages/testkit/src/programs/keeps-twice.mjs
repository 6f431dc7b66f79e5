// Keeps an RDD on two executors where there is one, and prints its sums.
import { GloamContext } from "gloam";

const gc = new GloamContext({ master: process.argv[2] });
const kept = gc.range(0, 10, { partitions: 2 }).persist("MEMORY_ONLY_2");
for (let round = 0; round < 3; round++) process.stdout.write(`${await kept.sum()}\n`);
await gc.stop();
