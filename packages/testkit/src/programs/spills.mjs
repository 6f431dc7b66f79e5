// Exchanges more than fits into its memory, by way of the directory given. Prints the answer, or the error's code and hint.
import { GloamContext } from "gloam";

const count = 4_000_000;
const directory = process.argv[2];
const conf = { "executor.memory": "512m", ...(directory === undefined ? {} : { "local.dir": directory }) };
const gc = new GloamContext({ master: "local[2]", conf });
try {
  const rows = gc.range(0, count, { partitions: 8 }).map((i) => [(i * 48271) % 2147483647, `${i} ${"x".repeat(80)}`]);
  const sorted = await rows.sortByKey({ partitions: 8 }).count();
  process.stdout.write(JSON.stringify({ right: sorted === count }));
} catch (error) {
  process.stdout.write(JSON.stringify({ code: error.code, message: error.message, hint: error.hint }));
} finally {
  await gc.stop();
}
