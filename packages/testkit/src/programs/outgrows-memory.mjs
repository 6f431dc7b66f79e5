// A user function keeps more than a worker's heap. Prints the error's code, and whether the context still works.
import { GloamContext } from "gloam";

const gc = new GloamContext({ master: "local[2]", conf: { "executor.memory": "512m" } });
try {
  await gc
    .range(0, 2, { partitions: 2 })
    .map(() => {
      const kept = [];
      for (let i = 0; ; i++) kept.push({ i, text: `number ${i}` });
    })
    .count();
} catch (error) {
  const again = await gc.range(0, 10).count();
  process.stdout.write(JSON.stringify({ code: error.code, message: error.message, hint: error.hint, again }));
} finally {
  await gc.stop();
}
