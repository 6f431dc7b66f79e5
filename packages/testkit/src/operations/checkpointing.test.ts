import { createRandom } from "@gloam/common";
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { GloamContext } from "gloam";
import { onEveryMaster } from "../on-every-master.ts";

onEveryMaster("checkpointing", (gc) => {
  let directory = "";
  let tapes = 0;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "gloam-checkpoint-"));
    gc().setCheckpointDir(directory);
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** Elements that differ each time they are computed, and how many partitions have been. */
  const volatile = (partitions = 4) => {
    const tape = join(directory, `tape-${tapes++}`);
    const rdd = gc()
      .range(8, { partitions })
      .mapPartitions(function* (numbers) {
        appendFileSync(tape, "x");
        for (const number of numbers) yield [number, Math.random()];
      });
    return { rdd, computed: () => (existsSync(tape) ? readFileSync(tape, "utf8").length : 0) };
  };

  describe("checkpoint", () => {
    test("writes after the first job, computes nothing twice, and cuts the lineage", async () => {
      const { rdd, computed } = volatile();
      expect(rdd.checkpoint()).toBe(rdd);
      expect([rdd.isCheckpointed, rdd.getCheckpointFile()]).toEqual([false, undefined]);
      const first = await rdd.collect();
      expect(rdd.isCheckpointed).toBe(true);
      expect(rdd.isCached).toBe(false);
      const path = rdd.getCheckpointFile()!;
      expect(path.startsWith(directory)).toBe(true);
      expect(readdirSync(path).sort()).toEqual(["_SUCCESS", ...[0, 1, 2, 3].map((n) => `part-0000${n}.arrows`)]);
      expect(await rdd.collect()).toEqual(first);
      expect(await rdd.coalesce(1).sortByKey().collect()).toEqual(first);
      expect(computed()).toBe(4);
      expect(rdd.node.dependencies).toEqual([]);
      rdd.checkpoint();
      expect(await rdd.collect()).toEqual(first);
    });

    test("a job that needs some partitions has the others written too", async () => {
      const { rdd, computed } = volatile();
      rdd.checkpoint();
      // One that is read in part is not kept, and computed again.
      expect((await rdd.take(1)).map(([number]) => number)).toEqual([0]);
      expect(rdd.isCheckpointed).toBe(true);
      const all = await rdd.collect();
      expect(all.map(([number]) => number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(await rdd.collect()).toEqual(all);
      expect(computed()).toBe(5);
    });

    test("frees what is above it, also for RDDs that were made before", async () => {
      const { rdd, computed } = volatile();
      const grouped = rdd.cache().groupByKey(3); // prettier-ignore
      const counts = grouped.mapValues((each) => [...each].length);
      const paired = counts.map(([key, count]) => [key, count]).reduceByKey((a, b) => a + b, 2);
      expect((await paired.collect()).length).toBe(8);
      counts.checkpoint();
      const { size } = gc().lifetimes;
      for (const above of [rdd, grouped]) above.dispose();
      expect(gc().lifetimes.size).toBe(size);
      expect(await counts.count()).toBe(8);
      // The groups, their shuffle and what was cached are needed by nobody any more.
      expect(gc().lifetimes.size).toBeLessThanOrEqual(size - 2);
      const before = computed();
      expect((await paired.collect()).length).toBe(8);
      expect(await paired.map(([key, count]) => [count, key]).groupByKey(2).count()).toBe(1); // prettier-ignore
      expect(await counts.map(([key]) => key).distinct().count()).toBe(8); // prettier-ignore
      expect(computed()).toBe(before);
    });

    test("keeps the partitioner and the number of partitions", async () => {
      const counts = gc().range(100).map((i) => [i % 7, 1]).reduceByKey((a, b) => a + b, 3).checkpoint(); // prettier-ignore
      const { partitioner } = counts.node;
      await counts.count();
      expect(counts.node.partitioner).toBe(partitioner);
      expect(await counts.getNumPartitions()).toBe(3);
      const joined = counts.join(counts.mapValues((count) => -count)); // prettier-ignore
      expect(joined.node.dependencies.every(({ kind }) => kind === "narrow")).toBe(true);
      expect(await joined.count()).toBe(7);
    });

    test("one of what was made of another", async () => {
      const first = volatile();
      const upper = first.rdd.checkpoint();
      const lower = upper.map(([number, value]) => [number, value, Math.random()]).checkpoint();
      const all = await lower.collect();
      expect([upper.isCheckpointed, lower.isCheckpointed]).toEqual([true, true]);
      expect(await lower.collect()).toEqual(all);
      expect((await upper.collect()).map(([, value]) => value)).toEqual(all.map(([, value]) => value));
      expect(first.computed()).toBe(4);
    });

    test("while other jobs read it, and with jobs at the same time", async () => {
      const { rdd } = volatile();
      rdd.checkpoint();
      const all = await Promise.all(
        Array.from({ length: 4 }, (_, index) => rdd.map(([number]) => number + index).sum()),
      );
      expect(all).toEqual([28, 36, 44, 52]);
      expect(await rdd.count()).toBe(8);
      expect(rdd.node.dependencies).toEqual([]);
    });

    test("is there when any action that needs it ends, whichever of them writes it", async () => {
      const { rdd } = volatile();
      rdd.checkpoint();
      const actions = [rdd.count(), rdd.map(([number]) => number).sum(), rdd.first()];
      const seen = await Promise.all(actions.map((action) => action.then(() => rdd.isCheckpointed)));
      expect(seen).toEqual([true, true, true]);
    });

    test("whatever elements there are, in whatever partitions", async () => {
      const random = createRandom(7);
      const values = [1, -0, Number.NaN, "text", "\ud800", null, true, 1n, [1, "a"], { a: [{ b: 1 }] }, new Date(5)];
      for (const partitions of [1, 3, 40]) {
        const elements = Array.from({ length: random.nextInt(3000) }, () => values[random.nextInt(values.length)]!);
        const rdd = gc().parallelize(elements, partitions).checkpoint();
        await rdd.count();
        expect(await rdd.glom().collect()).toEqual(await gc().parallelize(elements, partitions).glom().collect()); // prettier-ignore
      }
      const empty = gc().emptyRdd().checkpoint();
      expect(await empty.collect()).toEqual([]);
      expect(empty.isCheckpointed).toBe(true);
      expect(await empty.collect()).toEqual([]);
    });

    test("files that are gone or damaged are an error that says so", async () => {
      const rdd = gc().range(8, { partitions: 2 }).checkpoint();
      await rdd.count();
      const part = join(rdd.getCheckpointFile()!, "part-00001.arrows");
      const bytes = readFileSync(part);
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(part, bytes);
      await expect(rdd.collect()).rejects.toMatchObject({ code: "GLOAM_CHECKPOINT_LOST" });
      rmSync(part);
      await expect(rdd.collect()).rejects.toMatchObject({ code: "GLOAM_CHECKPOINT_LOST" });
    });

    test("a directory that cannot be written fails the action, and the next one tries again", async () => {
      const place = join(directory, "place");
      writeFileSync(place, "");
      gc().setCheckpointDir(place);
      const { rdd, computed } = volatile();
      rdd.checkpoint();
      await expect(rdd.count()).rejects.toMatchObject({ code: "GLOAM_OUTPUT_FAILED" });
      expect(rdd.isCheckpointed).toBe(false);
      rmSync(place);
      expect(await rdd.count()).toBe(8);
      expect(rdd.isCheckpointed).toBe(true);
      expect(computed()).toBe(4);
    });
  });

  describe("localCheckpoint", () => {
    test("keeps blocks, and cuts the lineage", async () => {
      const { rdd, computed } = volatile();
      const derived = rdd.map(([number, value]) => [value, number]).groupByKey(2);
      expect(rdd.localCheckpoint()).toBe(rdd);
      expect(rdd.getStorageLevel()).toBe("MEMORY_AND_DISK");
      const first = await rdd.collect();
      expect([rdd.isCheckpointed, rdd.getCheckpointFile()]).toEqual([true, undefined]);
      expect(rdd.node.dependencies).toEqual([]);
      expect(await rdd.collect()).toEqual(first);
      expect(await derived.count()).toBe(8);
      expect(computed()).toBe(4);
    });

    test("a level that was set before gets a disk", async () => {
      const rdd = volatile().rdd.persist("MEMORY_ONLY_SER_2");
      expect(rdd.localCheckpoint().getStorageLevel()).toBe("MEMORY_AND_DISK_SER_2");
      await rdd.count();
      expect(rdd.isCheckpointed).toBe(true);
    });

    test("a block that is gone is an error that says so", async () => {
      const rdd = gc().range(8, { partitions: 2 }).localCheckpoint();
      await rdd.count();
      rdd.unpersist();
      await expect(rdd.collect()).rejects.toMatchObject({ code: "GLOAM_CHECKPOINT_LOST" });
    });
  });
});

test("without a directory a checkpoint is refused where it is asked for, and a local one is not", async () => {
  await using gc = new GloamContext({ master: "local[1]" });
  expect(() => gc.range(1).checkpoint()).toThrow(expect.objectContaining({ code: "GLOAM_CHECKPOINT_DIRECTORY_UNSET" }));
  expect(() => gc.setCheckpointDir("https://example.org/x")).toThrow(
    expect.objectContaining({ code: "GLOAM_ARGUMENT_INVALID" }),
  );
  expect(await gc.range(3).localCheckpoint().collect()).toEqual([0, 1, 2]);
});
