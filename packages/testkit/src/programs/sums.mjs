// Adds numbers up on a cluster: MASTER CONF, the settings as JSON. Prints the sum, or the code of the error.
import { GloamContext } from "gloam";

const gc = new GloamContext({ master: process.argv[2], conf: JSON.parse(process.argv[3] ?? "{}") });
try {
  process.stdout.write(`${await gc.range(0, 100, { partitions: 4 }).sum()}\n`);
} catch (error) {
  process.stdout.write(`${error.code}\n`);
  process.stderr.write(`${error.message}\n${error.hint}\n`);
}
await gc.stop();
