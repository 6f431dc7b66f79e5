import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "gloam-iterator-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

onEveryMaster("toLocalIterator", (gc) => {
  /** Four partitions of one element each, and what has been computed of them. */
  const observed = (name: string) => {
    const path = join(directory, `${name}-${Math.random()}`);
    const rdd = gc()
      .parallelize([0, 1, 2, 3], 4)
      .map((x) => {
        appendFileSync(path, `${x} `);
        return x;
      });
    return { rdd, computed: () => readFileSync(path, "utf8").trim() };
  };

  test("computes a partition when the one before has been read", async () => {
    const { rdd, computed } = observed("lazy");
    for await (const x of rdd) {
      expect(computed()).toBe([0, 1, 2, 3].slice(0, x + 1).join(" "));
      if (x === 2) break;
    }
    await sleep(50);
    expect(computed()).toBe("0 1 2");
  });

  test("computes the next meanwhile where it is asked to, and no more than that", async () => {
    const { rdd, computed } = observed("eager");
    for await (const x of rdd.toLocalIterator({ prefetchPartitions: true })) {
      if (x < 1) continue;
      for (let wait = 0; wait < 200 && computed() !== "0 1 2"; wait++) await sleep(20);
      await sleep(50);
      expect(computed()).toBe("0 1 2");
      break;
    }
  });

  test("cancels what runs when nobody wants it any more", async () => {
    const forever = (): never => {
      for (;;);
    };
    const elements = gc().parallelize([0, 1], 2).map(forever).toLocalIterator();
    const next = elements.next();
    await sleep(100);
    await elements.return();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(await gc().range(10).count()).toBe(10);
  });

  test("leaves no job behind, however soon after the next partition was asked for nobody wants it any more", async () => {
    const endless = gc()
      .parallelize([0, 1], 2)
      .map((x) => {
        if (x === 1) for (;;);
        return x;
      });
    for (let ticks = 0; ticks < 8; ticks++) {
      for await (const x of endless.toLocalIterator({ prefetchPartitions: true })) {
        expect(x).toBe(0);
        for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
        break;
      }
      // By then it would have been submitted.
      await sleep(20);
      const underWay = () => gc().statusTracker.getActiveJobIds();
      for (let wait = 0; wait < 200 && (await underWay()).length > 0; wait++) await sleep(20);
      expect(await underWay()).toEqual([]);
    }
  });

  test("fails as its signal says, and where a function throws", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    const aborted = gc().range(10).toLocalIterator({ signal });
    await expect(aborted.next()).rejects.toMatchObject({ code: "GLOAM_JOB_CANCELLED" });
    const throwing = gc()
      .parallelize([0, 1], 2)
      .map((x) => {
        if (x === 1) throw new RangeError("too far");
        return x;
      });
    const elements = throwing.toLocalIterator();
    expect(await elements.next()).toEqual({ done: false, value: 0 });
    await expect(elements.next()).rejects.toMatchObject({ code: "GLOAM_TASK_FAILED" });
  });

  test("takes an exception that is thrown into it", async () => {
    const elements = gc().range(10, { partitions: 2 }).toLocalIterator();
    await elements.next();
    await expect(elements.throw(new Error("mine"))).rejects.toThrow("mine");
    expect(await elements.next()).toEqual({ done: true, value: undefined });
  });
});
