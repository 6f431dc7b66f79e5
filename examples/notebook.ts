// %% [markdown]
// # A notebook as a script
// Editors run a cell between two `// %%` lines by itself; `gloam run notebook.ts` runs all of them.

// %% Setting up
import { GloamContext } from "gloam";

const gc = new GloamContext({ appName: "notebook" });

// %% Data: the Collatz sequence of each number, made where it is used
const lengths = gc
  .range(1, 100_001)
  .map((start) => {
    let steps = 0;
    for (let n = start; n !== 1; n = n % 2 === 0 ? n / 2 : 3 * n + 1) steps++;
    return { start, steps };
  })
  .cache();

// %% Which take longest?
console.table(await lengths.top(3, ({ steps }) => steps));

// %% How are they spread? The second look computes nothing again: the sequences are kept
const spread = await lengths
  .map(({ steps }) => [Math.floor(steps / 50) * 50, 1])
  .reduceByKey((a, b) => a + b)
  .sortByKey()
  .collect();
for (const [from, count] of spread)
  console.log(`${String(from).padStart(4)} ${"▇".repeat(Math.ceil(count / 1000))} ${count}`);

// %% Cleaning up
await gc.stop();
