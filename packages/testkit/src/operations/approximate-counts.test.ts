import { describe, expect, test } from "vitest";
import type { Rdd } from "gloam";
import { onEveryMaster } from "../on-every-master.ts";
import { numbers, shapes } from "./sequences.ts";

const long = 100_000;

onEveryMaster("approximate counts", (gc) => {
  describe.each(shapes)("$length elements in $partitions partitions", ({ length, partitions }) => {
    const elements = numbers(length).map((i) => (i * 7919) % 1009);
    const rdd = () => gc().parallelize(elements, partitions);
    const sum = elements.reduce((a, b) => a + b, 0);

    test("are exact in time", async () => {
      const count = await rdd().countApprox(long);
      expect(count).toMatchObject({
        isInitialValueFinal: true,
        initialValue: { mean: length, confidence: 1, low: length, high: length },
      });
      expect(await count.finalValue).toEqual(count.initialValue);
      expect((await rdd().sumApprox(long, { confidence: 0.5 })).initialValue.mean).toBe(sum);
      const { mean } = (await rdd().meanApprox(long)).initialValue;
      if (length === 0) expect(mean).toBeNaN();
      else expect(Math.abs(mean - sum / length)).toBeLessThan(1e-9);
    });
  });

  /** The first three of four partitions are quick, the last takes seconds. */
  const slow = () =>
    gc()
      .range(400, { partitions: 4 })
      .map((x) => {
        if (x === 399) for (const until = Date.now() + 3000; Date.now() < until;);
        return x + 1;
      });

  test("give an estimate when the time is over, and the number in the end", async () => {
    const began = Date.now();
    const partials = await Promise.all([slow().countApprox(1500), slow().sumApprox(1500), slow().meanApprox(1500)]);
    for (const [i, exact] of [400, 80_200, 200.5].entries()) {
      const { initialValue, isInitialValueFinal, finalValue } = partials[i]!;
      expect(isInitialValueFinal).toBe(false);
      expect(initialValue.confidence).toBeLessThan(1);
      expect(initialValue.low).toBeLessThanOrEqual(initialValue.mean);
      expect(initialValue.high).toBeGreaterThanOrEqual(initialValue.mean);
      expect((await finalValue).mean).toBe(exact);
    }
    expect(Date.now() - began).toBeGreaterThan(1500);
  });

  test("give what is known at once, also nothing, and can be cancelled", async () => {
    const partial = await slow().countApprox(0);
    expect(partial).toMatchObject({ isInitialValueFinal: false });
    partial.cancel();
    await expect(partial.finalValue).rejects.toMatchObject({ code: "GLOAM_JOB_CANCELLED" });
    const unseen = await slow().countApprox(0, { jobGroup: "approximate" });
    gc().cancelJobGroup("approximate");
    await expect(unseen.finalValue).rejects.toMatchObject({ code: "GLOAM_JOB_CANCELLED" });
    expect(await gc().range(3).count()).toBe(3);
  });

  test("fail as the exact actions do", async () => {
    const fails = gc().range(4).map((): number => { throw new Error("four"); }); // prettier-ignore
    await expect(fails.countApprox(long)).rejects.toMatchObject({ code: "GLOAM_TASK_FAILED" });
    const texts = gc().parallelize(["1"], 1) as unknown as Rdd<number>;
    await expect(texts.sumApprox(long)).rejects.toMatchObject({ code: "GLOAM_ELEMENT_INVALID" });
    const late = await gc().range(2, { partitions: 2 }).map((x) => { for (const until = Date.now() + 500; Date.now() < until;); if (x === 1) throw new Error("late"); return x; }).meanApprox(0); // prettier-ignore
    await expect(late.finalValue).rejects.toMatchObject({ code: "GLOAM_TASK_FAILED" });
  });

  test("refuse arguments that are none", async () => {
    const rdd = gc().range(3);
    for (const action of [
      () => rdd.countApprox(-1),
      () => rdd.countApprox(Infinity),
      () => rdd.sumApprox(1, { confidence: 1 }),
      () => rdd.meanApprox(1, { confidence: 0 }),
      () => rdd.meanApprox(1, { confidence: NaN }),
    ])
      await expect(action()).rejects.toMatchObject({ code: "GLOAM_ARGUMENT_INVALID" });
  });
});
