import { blockCodecs } from "@gloam/common";
import { delimiter } from "node:path";
import * as zlib from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectSame, runPipeline } from "./pipelines/expect-outcome.ts";
import { openPlace, type Place } from "./pipelines/place.ts";
import { randomPipeline } from "./pipelines/random-pipeline.ts";
import { runProgram } from "./run-program.ts";

/** `npm run test:nodes` gives one of each version that is supported. */
const nodes = process.env["GLOAM_TEST_NODES"]?.split(delimiter) ?? [process.execPath];

describe.each(nodes)("with %s", (node) => {
  /** What a shuffle of texts says. */
  const exchange = async (compression: string) =>
    runProgram("exchanges-texts.mjs", { node, parameters: [compression] });

  test.each(blockCodecs)(
    "%s sends fewer bytes for the same answer, or says that this Node.js has none",
    async (codec) => {
      const [plain, compressed] = [await exchange("none"), await exchange(codec)];
      expect([plain.status, plain.complaints]).toEqual([0, ""]);
      if (compressed.status !== 0) {
        expect(codec).toBe("zstd");
        expect(compressed.complaints).toMatch(
          /GLOAM_CONF_INVALID: .*Node\.js v(20|21|22\.[0-9]\.|22\.1[0-4]\.).* has no zstd/,
        );
        return;
      }
      const [before, after] = [plain, compressed].map(
        ({ output }) => JSON.parse(output) as { sum: number; bytes: number },
      );
      expect(after!.sum).toBe(before!.sum);
      expect(before!.bytes).toBeGreaterThan(1_000_000);
      expect(after!.bytes).toBeLessThan(before!.bytes / 2);
      expect([compressed.complaints, compressed.leftBehind]).toEqual(["", []]);
    },
    120_000,
  );
});

const here = blockCodecs.filter((codec) => codec !== "zstd" || "zstdCompressSync" in zlib);

describe.each(here)("pipelines whose blocks are compressed with %s", (codec) => {
  let [plain, compressed]: Place[] = [];
  beforeAll(async () => {
    plain = await openPlace({ master: "local[2]" }, 2);
    const conf = { "network.compression": codec };
    compressed = await openPlace({ master: "local-cluster[2,2,1024]", conf }, 2);
  });
  afterAll(async () => {
    await plain![Symbol.asyncDispose]();
    await compressed![Symbol.asyncDispose]();
  });

  test("give the same rows, floats and order", async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const pipeline = randomPipeline(seed, false);
      expectSame(pipeline, await runPipeline(compressed!, pipeline), await runPipeline(plain!, pipeline));
    }
  }, 120_000);

  test("bring results to the driver that are too large for a report", async () => {
    const rows = await compressed!.gc
      .range(0, 100_000, { partitions: 4 })
      .map((n) => `${n} ${"x".repeat(90)} ${n}`)
      .collect();
    expect(rows).toHaveLength(100_000);
    expect(rows.every((row, n) => row.length > 90 && row.startsWith(`${n} x`))).toBe(true);
  });
});
