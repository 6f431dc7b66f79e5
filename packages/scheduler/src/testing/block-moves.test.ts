import { expect, test } from "vitest";
import type { UntimedEvent } from "../cluster-backend.ts";
import type { CachedBlock } from "../messages.ts";
import { createScheduler } from "../scheduler.ts";
import { MoveEpochs, moveBlocks } from "./block-moves.ts";
import { Lineage } from "./lineage.ts";
import { compareWithTruth, evict, type SimulatedExecutor } from "./simulated-executor.ts";

test("a block that is evicted where it has just arrived has moved there before it is lost", () => {
  const lineage = new Lineage();
  const source = lineage.source(1, { persisted: true });
  const [from, to] = [executor("a"), executor("b")] as const;
  const block: CachedBlock = { node: source, partition: 0, executor: "a", handle: {} };
  const scheduler = createScheduler();
  const epochs = new MoveEpochs();
  const tell = (event: UntimedEvent) => scheduler.handle({ time: 0, ...epochs.number(event) });
  for (const { id } of [from, to]) tell({ type: "executorAdded", executor: id, host: "host", slots: 1 });
  tell({ type: "jobSubmitted", job: 0, graph: lineage.job(source), properties: {} });
  from.blocks.set(`${source}/0`, block);
  tell({ type: "blocksAdded", task: 0, blocks: [block] });
  tell({ type: "taskFinished", task: 0, outcome: { kind: "result", value: 0 } });

  moveBlocks(from, to, { type: "migrateBlocks", executor: "a", outputs: [], cached: [block] }, () => undefined);
  evict(to);
  expect(to.mail.map(({ type }) => type)).toEqual(["blocksMoved", "blocksLost"]);
  for (const event of to.mail) tell(event);
  compareWithTruth(scheduler.state(), new Map([from, to].map((one) => [one.id, one])));
});

function executor(id: string): SimulatedExecutor {
  return { id, alive: true, slots: [undefined], outputs: new Set(), blocks: new Map(), mail: [] };
}
