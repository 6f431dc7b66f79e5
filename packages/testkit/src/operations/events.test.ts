import { GloamContext, taskContext, type GloamEvent } from "gloam";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { masters } from "../masters.ts";

type Of<T extends GloamEvent["type"]> = Extract<GloamEvent, { type: T }>;

function ofType<T extends GloamEvent["type"]>(events: readonly GloamEvent[], ...types: T[]): Of<T>[] {
  return events.filter((event): event is Of<T> => (types as string[]).includes(event.type));
}

/** What is promised of the order of events, whatever was done. */
function checkOrder(events: readonly GloamEvent[]): void {
  const at = (find: (event: GloamEvent) => boolean): number => events.findIndex(find);
  const atLast = (find: (event: GloamEvent) => boolean): number => events.findLastIndex(find);
  for (const { task, stage, outcome } of ofType(events, "taskEnd")) {
    const start = at((each) => each.type === "taskStart" && each.task === task);
    const end = at((each) => each.type === "taskEnd" && each.task === task);
    const submitted = at((each) => each.type === "stageSubmitted" && each.stage === stage);
    const completed = atLast((each) => each.type === "stageCompleted" && each.stage === stage);
    expect([submitted, start, end].toSorted((a, b) => a - b)).toEqual([submitted, start, end]);
    if (outcome !== "killed") expect(end).toBeLessThan(completed);
  }
  const ended = ofType(events, "taskEnd").map(({ task }) => task);
  expect(new Set(ended).size).toBe(ended.length);
  for (const { jobs, stage } of ofType(events, "stageSubmitted")) {
    const submitted = at((each) => each.type === "stageSubmitted" && each.stage === stage);
    for (const job of jobs) {
      expect(at((each) => each.type === "jobStart" && each.job === job)).toBeLessThan(submitted);
      expect(at((each) => each.type === "jobEnd" && each.job === job)).toBeGreaterThan(submitted);
    }
  }
}

describe.each(masters)("events in %s", (master) => {
  test("of an application from its start to its end", async () => {
    const events: GloamEvent[] = [];
    const gc = new GloamContext({ master, appName: "heard", listeners: [(event) => events.push(event)] });
    try {
      const pairs = gc.range(100, { partitions: 4 }).map((x) => [x % 5, x]);
      const sums = pairs.reduceByKey((a, b) => a + b, 3);
      expect(await sums.count({ description: "sums", jobGroup: "g", pool: "p" })).toBe(5);
      expect(events.at(-1)).toMatchObject({ type: "jobEnd", outcome: "succeeded" });
      const [start] = ofType(events, "jobStart");
      expect(start).toMatchObject({
        ...{ job: 1, operation: "count", partitions: 3, description: "sums", group: "g", pool: "p", properties: {} },
        callSite: { file: expect.stringContaining("events.test.ts") as string },
      });
      expect(ofType(events, "stageSubmitted")).toMatchObject([
        { kind: "shuffleMap", operation: "map", tasks: 4, attempt: 0, jobs: [1] },
        { kind: "result", operation: "count", tasks: 3, attempt: 0, jobs: [1], rdd: sums.id },
      ]);
      expect(ofType(events, "stageCompleted").map(({ succeeded }) => succeeded)).toEqual([true, true]);
      const ends = ofType(events, "taskEnd");
      expect(ends.map(({ outcome }) => outcome)).toEqual(Array(7).fill("succeeded"));
      const [mapStage, resultStage] = ofType(events, "stageSubmitted").map(({ stage }) => stage);
      for (const { stage, metrics, failure } of ends) {
        expect(failure).toBeUndefined();
        expect(metrics.duration).toBeGreaterThan(0);
        if (stage === mapStage) expect(metrics.shuffleBytesWritten).toBeGreaterThan(0);
        else expect([stage, metrics.resultBytes]).toEqual([resultStage, expect.any(Number)]);
      }
      const partitions = ends.filter(({ stage }) => stage === mapStage).map(({ partition }) => partition);
      expect(partitions.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
      const executors = new Set(ofType(events, "executorAdded").map(({ executor }) => executor));
      for (const { executor } of ends) expect(executors.has(executor)).toBe(true);
    } finally {
      await gc.stop();
    }
    expect(events[0]).toMatchObject({ type: "applicationStart", name: "heard", master, version: gc.version });
    expect(events.at(-1)).toMatchObject({ type: "applicationEnd", applicationId: gc.applicationId });
    const times = events.map(({ time }) => time);
    expect(Math.min(...times)).toBeGreaterThan(Date.now() - 60_000);
    checkOrder(events);
    // Plain data, whichever way it came.
    expect(structuredClone(events)).toEqual(events);
  });

  test("of failures, cancelled jobs, blocks, properties; and nothing after it was removed", async () => {
    const events: GloamEvent[] = [];
    const listener = (event: GloamEvent): void => void events.push(event);
    await using gc = new GloamContext({ master, conf: { "task.maxFailures": 1, "log.level": "off" } });
    await gc.range(1).count();
    expect(events).toEqual([]);
    gc.addListener(listener);
    gc.addListener(() => {
      throw new Error("a listener's own");
    });
    const fails = gc.range(2, { partitions: 1 }).map((x) => {
      if (x === 1) throw new RangeError("one");
      return x;
    });
    await expect(gc.withProperties({ tenant: "a" }, () => fails.count())).rejects.toThrow("GLOAM_TASK_FAILED");
    expect(ofType(events, "jobStart").at(-1)).toMatchObject({ properties: { tenant: "a" } });
    expect(ofType(events, "taskEnd")).toMatchObject([
      { outcome: "failed", failure: { kind: "exception", message: "RangeError: one" } },
    ]);
    expect(events.at(-1)).toMatchObject({ type: "jobEnd", outcome: "failed", error: { code: "GLOAM_TASK_FAILED" } });
    checkOrder(events);

    events.length = 0;
    const kept = gc.range(4, { partitions: 2 }).cache();
    await kept.count();
    const added = ofType(events, "blocksAdded").flatMap(({ blocks }) => blocks);
    expect(added.map(({ rdd }) => rdd)).toEqual([kept.id, kept.id]);
    expect(new Set(added.map(({ partition }) => partition))).toEqual(new Set([0, 1]));
    kept.unpersist();
    await gc.range(1).count();
    const removed = ofType(events, "blocksRemoved").flatMap(({ blocks }) => blocks);
    expect(new Set(removed.map(({ partition }) => partition))).toEqual(new Set([0, 1]));

    events.length = 0;
    const controller = new AbortController();
    const endless = gc.range(1, { partitions: 1 }).map((x) => {
      while (!taskContext().cancelled);
      return x;
    });
    gc.addListener((event) => event.type === "taskStart" && controller.abort());
    await expect(endless.count({ signal: controller.signal })).rejects.toThrow("GLOAM_JOB_CANCELLED");
    expect(ofType(events, "jobEnd")).toMatchObject([{ outcome: "failed", error: { code: "GLOAM_JOB_CANCELLED" } }]);
    while (ofType(events, "taskEnd").length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(ofType(events, "taskEnd")).toMatchObject([{ outcome: "killed" }]);
    checkOrder(events);

    gc.removeListener(listener);
    events.length = 0;
    await gc.range(1).count();
    expect(events).toEqual([]);
  });

  test("a log has what listeners hear", async () => {
    const directory = await mkdtemp(join(tmpdir(), "gloam-events-"));
    const events: GloamEvent[] = [];
    const conf = { "eventLog.dir": directory };
    const gc = new GloamContext({ master, conf, listeners: [(event) => events.push(event)] });
    await gc.range(10).map((x) => [x % 2, x]).groupByKey(2).count(); // prettier-ignore
    expect(await readdir(directory)).toEqual([`${gc.applicationId}.jsonl.inprogress`]);
    await gc.stop();
    expect(await readdir(directory)).toEqual([`${gc.applicationId}.jsonl`]);
    const lines = (await readFile(join(directory, `${gc.applicationId}.jsonl`), "utf8")).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(JSON.parse(JSON.stringify(events)));
    expect(lines.length).toBeGreaterThan(10);
    await rm(directory, { recursive: true });
  });

  test("many jobs at a time keep what is promised of the order", async () => {
    const events: GloamEvent[] = [];
    const gc = new GloamContext({ master, listeners: [(event) => events.push(event)] });
    const shared = gc.range(50, { partitions: 3 }).map((x) => [x % 3, 1]).groupByKey(2); // prettier-ignore
    await Promise.all(
      Array.from({ length: 30 }, async (_, i) => {
        if (i % 3 === 0) await gc.runJob(shared, () => 1);
        else if (i % 3 === 1) await gc.range(10).count();
        else await gc.range(10).map((x) => { if (x === 3) throw new Error("no"); return x; }).count().catch(() => 0); // prettier-ignore
      }),
    );
    const jobs = ofType(events, "jobStart").map(({ job }) => job);
    expect(ofType(events, "jobEnd").map(({ job }) => job).toSorted((a, b) => a - b)).toEqual(jobs); // prettier-ignore
    expect(jobs).toHaveLength(30);
    await gc.stop();
    checkOrder(events);
  });
});
