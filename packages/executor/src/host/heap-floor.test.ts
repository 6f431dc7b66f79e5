import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { raiseHeapFloor } from "./heap-floor.ts";

/** Full collections of a thread that makes 256 MiB of arrays and holds 4 MiB of them, which outlive minor collections. */
async function fullCollections(): Promise<number> {
  const worker = new Worker(
    `const { PerformanceObserver, constants } = require("node:perf_hooks");
    const { parentPort } = require("node:worker_threads");
    let full = 0;
    new PerformanceObserver((list) => {
      for (const { detail } of list.getEntries()) if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) full++;
    }).observe({ entryTypes: ["gc"] });
    const held = [];
    let made = 0;
    const turn = () => {
      for (const until = made + 64; made < until; made++) held[made % 64] = new Array(8192).fill(made + 0.5);
      if (made < 4096) setImmediate(turn);
      else setTimeout(() => parentPort.postMessage(full), 100);
    };
    turn();`,
    { eval: true, resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 24 } },
  );
  const [full] = (await once(worker, "message")) as [number];
  await worker.terminate();
  return full;
}

it("lets threads that start later collect everything less often", async () => {
  const before = await fullCollections();
  raiseHeapFloor();
  const after = await fullCollections();
  expect(after).toBeLessThan(before / 2);
});
