import { expect, test } from "vitest";
import type { JobGraph } from "./graph.ts";
import type { SchedulerInstruction } from "./messages.ts";
import { createScheduler, type Scheduler } from "./scheduler.ts";
import { Lineage } from "./testing/lineage.ts";

/** A scheduler with one executor whose tasks all succeed at once. No checks: what is measured is the machine. */
function machine(slots = 4): { scheduler: Scheduler; run: (job: number, graph: JobGraph, cache?: boolean) => number } {
  const scheduler = createScheduler();
  scheduler.handle({ time: 0, type: "executorAdded", executor: "a", host: "h", slots });
  const run = (job: number, graph: JobGraph, cache = false): number => {
    const queue: SchedulerInstruction[] = scheduler.handle({
      time: 0,
      type: "jobSubmitted",
      job,
      graph,
      properties: {},
    });
    let launched = 0;
    for (let next = 0; next < queue.length; next++) {
      const instruction = queue[next];
      if (instruction?.type !== "launchTask") continue;
      const { task, stageKind, node, partition } = instruction.launch;
      launched++;
      if (cache) {
        const blocks = [{ node, partition, executor: "a", handle: task }];
        queue.push(...scheduler.handle({ time: 0, type: "blocksAdded", task, blocks }));
      }
      const outcome =
        stageKind.kind === "result"
          ? ({ kind: "result", value: task } as const)
          : ({ kind: "mapOutput", handle: task, sizes: new Float64Array(0) } as const);
      queue.push(...scheduler.handle({ time: 0, type: "taskFinished", task, outcome }));
    }
    expect(queue.at(-1)?.type === "jobFinished" || queue.some(({ type }) => type === "jobFinished")).toBe(true);
    return launched;
  };
  return { scheduler, run };
}

function milliseconds(action: () => void): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}

test("the cost of a stage grows with its tasks, not with their square", { retry: 2 }, () => {
  const { run } = machine(64);
  const lineage = new Lineage();
  const small = lineage.job(lineage.source(10_000));
  const large = lineage.job(lineage.source(80_000));
  run(0, small);
  const one = milliseconds(() => run(1, small));
  const eight = milliseconds(() => run(2, large));
  expect(eight / one).toBeLessThan(40);
});

test("a lineage of 100,000 maps, cut by shuffles, unions and zips, is one walk", () => {
  const lineage = new Lineage();
  let node = lineage.source(50);
  for (let count = 1; count <= 100_000; count++) {
    if (count % 20_000 === 0) node = lineage.shuffle(node, 50);
    else if (count % 30_001 === 0) node = lineage.zip([node, lineage.map(node)]);
    else if (count % 40_009 === 0) node = lineage.coalesce(lineage.union([node, node]), 50);
    else node = lineage.map(node);
  }
  expect(machine().run(0, lineage.job(node))).toBe(300);
});

test("a union of thousands", () => {
  const lineage = new Lineage();
  const sources = Array.from({ length: 5000 }, () => lineage.map(lineage.source(1), { persisted: true }));
  expect(machine().run(0, lineage.job(lineage.union(sources)))).toBe(5000);
});

test("a loop of shuffles computes each once, and later jobs cost no more than earlier ones", () => {
  const { run, scheduler } = machine();
  const lineage = new Lineage();
  let node = lineage.source(2);
  const graphs: JobGraph[] = [];
  for (let round = 0; round < 1000; round++) {
    node = lineage.shuffle(lineage.map(node), 2);
    graphs.push(lineage.job(node));
  }
  const times = graphs.map((graph, job) =>
    milliseconds(() => {
      expect(run(job, graph)).toBe(4);
    }),
  );
  expect(scheduler.state().tracker.shuffles.size).toBe(1000);
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  expect(sum(times.slice(800)) / sum(times.slice(200, 400))).toBeLessThan(4);
});

test("a loop over a growing chain of cached nodes looks at the newest only", () => {
  const { run } = machine();
  const lineage = new Lineage();
  let node = lineage.source(2, { persisted: true });
  for (let round = 0; round < 500; round++) {
    expect(run(round, lineage.job(node), true)).toBe(2);
    node = lineage.map(lineage.map(node), { persisted: true });
  }
});

test("20,000 jobs leave nothing behind", () => {
  const { run, scheduler } = machine();
  const lineage = new Lineage();
  const final = lineage.map(lineage.shuffle(lineage.source(2), 2), { persisted: true });
  const { nodes, partitions } = lineage.job(final);
  const [source, reducer, cached] = nodes;
  for (let job = 0; job < 20_000; job++) {
    // Every job has nodes and shuffles of its own.
    const ids = [3 * job, 3 * job + 1, 3 * job + 2] as const;
    const graph: JobGraph = {
      nodes: [
        { ...lineage.node(source?.id), id: ids[0] },
        {
          ...lineage.node(reducer?.id),
          id: ids[1],
          dependencies: [{ kind: "shuffle", parent: ids[0], shuffle: job, partitions: 2 }],
        },
        {
          ...lineage.node(cached?.id),
          id: ids[2],
          dependencies: [{ kind: "narrow", parent: ids[1], mapping: { kind: "oneToOne" } }],
        },
      ],
      final: ids[2],
      partitions,
    };
    run(job, graph, true);
    if (job % 3 === 0) scheduler.handle({ time: 0, type: "jobCancelled", job, reason: "late" });
    scheduler.handle({ time: 0, type: "shufflesReleased", shuffles: [job] });
    scheduler.handle({ time: 0, type: "nodesUnpersisted", nodes: [...ids] });
  }
  const { jobs, tasks, tracker, blocks, mapStages, activeStages, pools, submissions, launching } = scheduler.state();
  const sizes = [jobs, tasks, tracker.shuffles, blocks.nodes, mapStages, activeStages, pools.pools];
  expect(sizes.map(({ size }) => size)).toEqual(sizes.map(() => 0));
  expect([...submissions, ...launching]).toEqual([]);
});
