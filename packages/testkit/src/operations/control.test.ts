import fc from "fast-check";
import { GloamContext, taskContext } from "gloam";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { numbers, sliced } from "./sequences.ts";

/** An RDD whose tasks go on until they are cancelled. */
function endless(gc: GloamContext, partitions = 2) {
  return gc.range(partitions, { partitions }).map((x) => {
    while (!taskContext().cancelled);
    return x;
  });
}

/** Waits until something is there. */
async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(5);
  }
}

onEveryMaster("control", (gc) => {
  describe("what an RDD says of itself", () => {
    test("id, name, partitioner and dependencies", () => {
      const source = gc().range(4, { partitions: 2 });
      const pairs = source.map((x) => [x % 2, x]);
      const groups = pairs.groupByKey(3).setName("groups");
      expect(new Set([source.id, pairs.id, groups.id]).size).toBe(3);
      expect([source.name, groups.name]).toEqual([undefined, "groups"]);
      expect(source.partitioner).toBeUndefined();
      expect(groups.partitioner).toBeDefined();
      expect(source.dependencies).toEqual([]);
      expect(pairs.dependencies.map(({ kind, rdd }) => [kind, rdd.id])).toEqual([["narrow", source.id]]);
      expect(groups.dependencies.map(({ kind, rdd }) => [kind, rdd.id])).toEqual([["shuffle", pairs.id]]);
      expect(() => source.setName(1 as never)).toThrow("GLOAM_ARGUMENT_INVALID");
    });

    test("a dependency is a handle that works", async () => {
      const [dependency] = gc().range(3).map((x) => x + 1).dependencies; // prettier-ignore
      expect(await dependency?.rdd.collect()).toEqual([0, 1, 2]);
    });

    test("preferredLocations", async () => {
      const rdd = gc().range(4, { partitions: 2 });
      expect(await rdd.preferredLocations(1)).toEqual([]);
      await expect(rdd.preferredLocations(2)).rejects.toThrow("GLOAM_ARGUMENT_INVALID");
      await expect(rdd.preferredLocations(-1)).rejects.toThrow("GLOAM_ARGUMENT_INVALID");
    });

    test("toDebugString", async () => {
      const left = gc().range(4, { partitions: 2 }).map((x) => [x, 1]); // prettier-ignore
      const joined = left.cache().setName("ones").join(gc().range(3, { partitions: 12 }).map((x) => [x, 2]), 3); // prettier-ignore
      const shape = joined
        .map((x) => x)
        .toDebugString()
        .replaceAll(/\[\d+\] at \S+/g, "");
      expect(shape.split("\n")).toEqual([
        "(3) map []",
        " |  join []",
        " +-(2) ones map [cached]",
        " |  |  range []",
        " +-(12) map []",
        "    |   range []",
      ]);
      left.unpersist();
      const twice = left.union(left);
      expect(twice.toDebugString().match(/ \.\.\.$/gm)).toHaveLength(1);
    });

    test("a lineage of any depth, and counts that are not known yet", () => {
      let rdd = gc().range(1);
      for (let i = 0; i < 20_000; i++) rdd = rdd.map((x) => x);
      expect(rdd.toDebugString().split("\n")).toHaveLength(20_001);
      expect(gc().textFile("nowhere").toDebugString()).toContain("(?) textFile");
    });
  });

  describe("runJob", () => {
    test("against slices of an array", async () => {
      const cases = fc.record({
        length: fc.nat(40),
        partitions: fc.integer({ min: 1, max: 7 }),
        seed: fc.array(fc.nat(), { maxLength: 6 }),
      });
      await fc.assert(
        fc.asyncProperty(cases, async ({ length, partitions, seed }) => {
          const rdd = gc().parallelize(numbers(length), partitions);
          const chosen = seed.map((each) => each % partitions);
          const slices = sliced(numbers(length), partitions);
          const f = (elements: Iterable<number>): number[] => [...elements];
          expect(await gc().runJob(rdd, f)).toEqual(slices);
          expect(await gc().runJob(rdd, f, { partitions: chosen })).toEqual(chosen.map((each) => slices[each]));
        }),
        { numRuns: 15 },
      );
    });

    test("gives any value, undefined too; the task is the one that runs; the iterator may be left", async () => {
      const rdd = gc().range(10, { partitions: 2 });
      expect(await gc().runJob(rdd, () => undefined)).toEqual([undefined, undefined]);
      expect(await gc().runJob(rdd, (_, task) => task.partition)).toEqual([0, 1]);
      expect(await gc().runJob(rdd, (elements) => elements.next().value as number)).toEqual([0, 5]);
      expect(await gc().runJob(gc().emptyRdd<number>(), (elements) => [...elements])).toEqual([]);
    });

    test("refuses partitions that are not there, other contexts, async functions", async () => {
      const rdd = gc().range(10, { partitions: 2 });
      const count = (elements: Iterable<number>): number => [...elements].length;
      await expect(gc().runJob(rdd, count, { partitions: [2] })).rejects.toThrow("GLOAM_ARGUMENT_INVALID");
      await expect(gc().runJob(rdd, count, { partitions: [0.5] })).rejects.toThrow("GLOAM_ARGUMENT_INVALID");
      await expect(gc().runJob({} as typeof rdd, count)).rejects.toThrow("GLOAM_ARGUMENT_INVALID");
      await expect(gc().runJob(rdd, async (elements) => count(elements))).rejects.toThrow("GLOAM_ASYNC_FUNCTION");
      await using other = new GloamContext({ master: "local[1]" });
      await expect(other.runJob(rdd, count)).rejects.toThrow("GLOAM_ARGUMENT_INVALID: the RDD is of another context");
    });

    test("an exception is the job's", async () => {
      const fails = gc().runJob(gc().range(2), () => {
        throw new RangeError("no");
      });
      await expect(fails).rejects.toMatchObject({ code: "GLOAM_TASK_FAILED", operation: "runJob" });
    });
  });

  describe("local properties", () => {
    const seen = (): Promise<(string | undefined)[]> =>
      gc()
        .range(2, { partitions: 2 })
        .map((x) => [x, taskContext().getLocalProperty("tenant")] as const)
        .groupByKey(2)
        .flatMap(([, [tenant]]) => [tenant, taskContext().getLocalProperty("tenant")])
        .collect();

    test("reach tasks of every stage, and hold where they were set", async () => {
      expect(new Set(await seen())).toEqual(new Set([undefined]));
      const [a, b] = await Promise.all(
        ["a", "b"].map((tenant) =>
          gc().withProperties({ tenant }, async () => {
            await sleep(1);
            return seen();
          }),
        ),
      );
      expect([a, b]).toEqual([Array(4).fill("a"), Array(4).fill("b")]);
      expect(gc().getLocalProperty("tenant")).toBeUndefined();
    });

    test("are taken away by undefined; names of objects' properties are none", async () => {
      await gc().withProperties({ tenant: "a", other: "x" }, async () => {
        gc().setLocalProperty("tenant", undefined);
        expect([gc().getLocalProperty("tenant"), gc().getLocalProperty("other")]).toEqual([undefined, "x"]);
        expect(gc().getLocalProperty("toString")).toBeUndefined();
        const rdd = gc().range(1).map(() => taskContext().getLocalProperty("toString")); // prettier-ignore
        expect(await rdd.collect()).toEqual([undefined]);
      });
    });

    test("group and description come from them, where an action names none", async () => {
      const group = `group-${gc().applicationId}`;
      await gc().withProperties({}, async () => {
        gc().setJobGroup(group, "described");
        await gc().range(1).count();
        await gc()
          .range(1)
          .count({ jobGroup: `${group}-own` });
        gc().setJobDescription("other");
        await gc().range(1).count();
      });
      await gc().range(1).count();
      const tracker = gc().statusTracker;
      const ids = await tracker.getJobIdsForGroup(group);
      const jobs = await Promise.all(ids.map((id) => tracker.getJobInfo(id)));
      expect(jobs).toMatchObject([
        { status: "succeeded", operation: "count", description: "described", group },
        { status: "succeeded", description: "other", group },
      ]);
      expect(await tracker.getJobIdsForGroup(`${group}-own`)).toHaveLength(1);
    });
  });

  describe("cancelling", () => {
    test("cancelJob and the status tracker", async () => {
      const tracker = gc().statusTracker;
      const running = endless(gc()).count({ description: "endless" });
      const failed = running.catch((error: unknown) => error);
      const job = await until(async () => (await tracker.getActiveJobIds())[0]);
      const stage = await until(async () => (await tracker.getActiveStageIds())[0]);
      expect(await tracker.getJobInfo(job)).toMatchObject({ status: "running", stages: [stage], operation: "count" });
      expect(await tracker.getStageInfo(stage)).toMatchObject({ stage, jobs: [job], operation: "count", tasks: 2 });
      gc().cancelJob(job + 1000);
      gc().cancelJob(job, "had enough");
      expect(await failed).toMatchObject({ code: "GLOAM_JOB_CANCELLED" });
      expect(String(await failed)).toContain("had enough");
      expect(await tracker.getJobInfo(job)).toMatchObject({ status: "failed", stages: [] });
      expect(await tracker.getActiveJobIds()).toEqual([]);
      expect(await tracker.getStageInfo(stage)).toBeUndefined();
      expect(await tracker.getJobInfo(job + 1000)).toBeUndefined();
    });

    test("cancelStage cancels every job that needs it, and no other", async () => {
      const tracker = gc().statusTracker;
      const slow = endless(gc(), 1).map((x) => [x, 1]).groupByKey(1); // prettier-ignore
      const jobs = [slow.count(), slow.keys().collect()].map((job) => job.catch((error: unknown) => error));
      const stage = await until(async () => {
        for (const id of await tracker.getActiveStageIds()) {
          const info = await tracker.getStageInfo(id);
          if (info?.jobs.length === 2) return id;
        }
        return undefined;
      });
      gc().cancelStage(stage + 1000);
      gc().cancelStage(stage);
      for (const job of jobs) expect(await job).toMatchObject({ code: "GLOAM_JOB_CANCELLED" });
      expect(await gc().range(3).count()).toBe(3);
    });

    test("cancelAllJobs, once executors are there", async () => {
      await gc().ready();
      const jobs = [endless(gc()).count(), endless(gc(), 1).collect()].map((job) =>
        job.catch((error: unknown) => (error as { readonly code: string }).code),
      );
      await until(async () => ((await gc().statusTracker.getActiveJobIds()).length === 2 ? true : undefined));
      gc().cancelAllJobs();
      expect(await Promise.all(jobs)).toEqual(["GLOAM_JOB_CANCELLED", "GLOAM_JOB_CANCELLED"]);
    });

    test("cancelJobGroup, by a group that was set", async () => {
      const running = gc().withProperties({ "jobGroup.id": "doomed" }, () => endless(gc(), 1).count());
      const failed = running.catch((error: unknown) => error);
      await until(async () => (await gc().statusTracker.getJobIdsForGroup("doomed"))[0]);
      gc().cancelJobGroup("doomed");
      expect(await failed).toMatchObject({ code: "GLOAM_JOB_CANCELLED" });
    });
  });

  test("the context's name and version", () => {
    expect(gc().version).toMatch(/^\d+\.\d+\.\d+/);
    expect(gc().applicationId).toMatch(/^gloam-[a-z0-9]{16}$/);
  });
});
