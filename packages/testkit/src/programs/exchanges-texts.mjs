// Sums 200,000 numbers by text in two processes. Prints a sum of all, and the bytes that went between them; its parameter says what
// they are compressed with.
import { GloamContext } from "gloam";

const [compression] = process.argv.slice(2);
const gc = new GloamContext({ master: "local-cluster[2,1,512]", conf: { "network.compression": compression } });
try {
  const sums = await gc
    .range(0, 200_000, { partitions: 4 })
    .map((n) => [`the text of number ${n % 50_000}`, n])
    .reduceByKey((one, other) => one + other, 4)
    .collect();
  const executors = await gc.statusTracker.executors();
  const sum = sums.reduce((all, [text, each]) => all + text.length * each, 0);
  process.stdout.write(
    JSON.stringify({ sum, bytes: executors.reduce((all, { fetchedBytes }) => all + fetchedBytes, 0) }),
  );
} finally {
  await gc.stop();
}
