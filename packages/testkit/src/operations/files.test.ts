import fc from "fast-check";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as zlib from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";

/** By bzip2: `first` and a newline, and as a stream of its own `second` and a newline. */
const bzip2 = Buffer.from(
  "QlpoOTFBWSZTWRPK/Y0AAADBgAAQASAcACAAIYAMAycu4u5IpwoSAnlfsaBCWmgxMUFZJlNZltpZzwAAA0GAABAOAYgAIAAxDAENManOAHi7kinChIS20s54",
  "base64",
);
/** By zstd: `hello` and a newline. */
const zstd = Buffer.from("KLUv/SQGMQAAaGVsbG8KU4i9kQ==", "base64");

let directory: string;
let runs = 0;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "gloam-files-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Writes files into a directory of their own; its path. */
async function write(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const path = join(directory, `run-${runs++}`);
  await mkdir(path);
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  return path;
}

onEveryMaster("files", (gc) => {
  describe("wholeTextFiles and binaryFiles", () => {
    test("against any files", async () => {
      const contents = fc.array(fc.oneof(fc.string({ unit: "grapheme" }), fc.constant("")), {
        minLength: 1,
        maxLength: 12,
      });
      await fc.assert(
        fc.asyncProperty(contents, fc.integer({ min: 1, max: 9 }), async (texts, minPartitions) => {
          const named = texts.map((text, i): [string, string] => [`f${10 + i}`, text.replace(/^\uFEFF/, "")]);
          const path = await write(Object.fromEntries(named));
          const rdd = gc().wholeTextFiles(path, { minPartitions });
          expect(await rdd.collect()).toEqual(named.map(([name, text]) => [join(path, name), text]));
          const bytes = gc().binaryFiles(pathToFileURL(path), { minPartitions });
          expect(await bytes.collect()).toEqual(named.map(([name, text]) => [join(path, name), new TextEncoder().encode(text)])); // prettier-ignore
          expect(await rdd.getNumPartitions()).toBeLessThanOrEqual(texts.length);
        }),
        { numRuns: 12 },
      );
    });

    test("many small files share partitions, in order", async () => {
      const names = Array.from({ length: 300 }, (_, i) => `f${1000 + i}`);
      const path = await write(Object.fromEntries(names.map((name) => [name, name.repeat(3)])));
      const rdd = gc().wholeTextFiles(`${path}/f*`, { minPartitions: 3 });
      expect(await rdd.getNumPartitions()).toBeLessThanOrEqual(4);
      expect(await rdd.map(([file, text]) => [file, text].join()).collect()).toEqual(names.map((name) => `${join(path, name)},${name.repeat(3)}`)); // prettier-ignore
    });

    test("texts are decompressed and lose their mark, bytes stay as they are", async () => {
      const files = {
        a: "\uFEFFmarked\n",
        "b.gz": zlib.gzipSync("zipped"),
        c: bzip2,
        d: Buffer.from([0xff, 0x41]),
      };
      const path = await write(files);
      expect(await gc().wholeTextFiles(path).values().collect()).toEqual(["marked\n", "zipped", "first\nsecond\n", "\uFFFDA"]); // prettier-ignore
      const lengths = await gc().binaryFiles(path).mapValues((bytes) => bytes.length).values().collect(); // prettier-ignore
      expect(lengths).toEqual([10, files["b.gz"].length, bzip2.length, 2]);
    });
  });

  describe("compressed texts", () => {
    test("bzip2 by its name or its beginning, beside others", async () => {
      const path = await write({ "a.bz2": bzip2, b: bzip2, c: "plain\n", "d.gz": zlib.gzipSync("zipped\n") });
      const expected = ["first", "second", "first", "second", "plain", "zipped"];
      expect(await gc().textFile(path, { minPartitions: 40 }).collect()).toEqual(expected);
      expect(await gc().textFile(path, { minPartitions: 1 }).map((line) => line.length).collect()).toEqual(expected.map((line) => line.length)); // prettier-ignore
    });

    test("zstd, or what to do where Node.js has no decoder", async () => {
      const path = await write({ "a.zst": zstd });
      const lines = gc().textFile(path).collect();
      if ("createZstdDecompress" in zlib) expect(await lines).toEqual(["hello"]);
      else await expect(lines).rejects.toMatchObject({ code: "GLOAM_INPUT_UNREADABLE", hint: expect.stringContaining("22.15") as string }); // prettier-ignore
    });

    test.each([
      ["cut bzip2", { "a.bz2": bzip2.subarray(0, 50) }],
      ["no bzip2", { "a.bz2": "plain" }],
      ["no zstd", { "a.zst": "plain" }],
      ["cut gzip", { "a.gz": zlib.gzipSync("zipped").subarray(0, 15) }],
    ])("%s", async (_, files) => {
      const path = await write(files);
      await expect(gc().textFile(path).count()).rejects.toMatchObject({ code: "GLOAM_INPUT_UNREADABLE", operation: "textFile" }); // prettier-ignore
      await expect(gc().wholeTextFiles(path).count()).rejects.toMatchObject({ code: "GLOAM_INPUT_UNREADABLE" });
    });
  });

  describe("binaryRecords", () => {
    test("against any records in any number of files and partitions", async () => {
      const cases = fc.record({
        length: fc.integer({ min: 1, max: 20 }),
        counts: fc.array(fc.nat(60), { minLength: 1, maxLength: 3 }),
        minPartitions: fc.integer({ min: 1, max: 9 }),
      });
      await fc.assert(
        fc.asyncProperty(cases, async ({ length, counts, minPartitions }) => {
          let byte = 0;
          const files = counts.map((count) => Uint8Array.from({ length: count * length }, () => byte++ % 251));
          const path = await write(Object.fromEntries(files.map((bytes, i) => [`f${i}`, bytes])));
          const all = Buffer.concat(files);
          const expected = Array.from({ length: all.length / length }, (_, i) => new Uint8Array(all.subarray(i * length, (i + 1) * length))); // prettier-ignore
          const rdd = gc().binaryRecords(path, length, { minPartitions });
          expect(await rdd.collect()).toEqual(expected);
        }),
        { numRuns: 15 },
      );
    });

    test("a long record, and a large file in pieces", async () => {
      const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 7) % 256);
      const path = await write({ f: bytes });
      for (const length of [1_500_000, 1000, 3]) {
        const rdd = gc().binaryRecords(path, length, { minPartitions: 4 });
        expect(await rdd.map((record) => record.length).sum()).toBe(bytes.length);
        expect(await rdd.map((record) => record[1]).take(1)).toEqual([7]);
      }
    });

    test("files that have no whole records, and lengths that are none", async () => {
      const path = await write({ f: "1234567" });
      await expect(gc().binaryRecords(path, 2).count()).rejects.toThrow("GLOAM_INPUT_UNREADABLE");
      for (const length of [0, -1, 1.5, NaN]) expect(() => gc().binaryRecords(path, length)).toThrow("GLOAM_ARGUMENT_INVALID"); // prettier-ignore
    });
  });

  describe("partialTextFile", () => {
    test("parts that follow each other give each line once", async () => {
      const cases = fc.record({
        lines: fc.array(fc.oneof(fc.string({ maxLength: 12 }), fc.constant("")), { minLength: 1, maxLength: 20 }),
        cuts: fc.array(fc.nat(200), { maxLength: 4 }),
        minPartitions: fc.integer({ min: 1, max: 5 }),
      });
      await fc.assert(
        fc.asyncProperty(cases, async ({ lines, cuts, minPartitions }) => {
          const clean = lines.map((line) => line.replaceAll(/[\n\r\uFEFF\uD800-\uDFFF]/g, "x"));
          const path = join(await write({ f: clean.map((line) => `${line}\n`).join("") }), "f");
          const edges = [0, ...cuts.toSorted((a, b) => a - b), 1e9];
          const parts = edges.slice(1).map((end, i) => gc().partialTextFile(path, edges[i]!, end, { minPartitions }));
          expect(await gc().union(parts).collect()).toEqual(clean);
        }),
        { numRuns: 15 },
      );
    });

    test("refuses what is compressed, several files, and bytes that are none", async () => {
      const path = await write({ "a.gz": zlib.gzipSync("zipped"), b: bzip2, c: "plain\n" });
      await expect(gc().partialTextFile(join(path, "a.gz"), 0, 5).count()).rejects.toThrow("GLOAM_ARGUMENT_INVALID");
      await expect(gc().partialTextFile(join(path, "b"), 0, 5).count()).rejects.toThrow("GLOAM_ARGUMENT_INVALID");
      await expect(gc().partialTextFile(path, 0, 5).count()).rejects.toThrow("GLOAM_ARGUMENT_INVALID");
      expect(() => gc().partialTextFile(path, 5, 4)).toThrow("GLOAM_ARGUMENT_INVALID: end");
      expect(() => gc().partialTextFile(path, -1, 4)).toThrow("GLOAM_ARGUMENT_INVALID: begin");
      expect(await gc().partialTextFile(join(path, "c"), 3, 3).collect()).toEqual([]);
      expect(await gc().partialTextFile(join(path, "c"), 50, 90).collect()).toEqual([]);
    });
  });

  test("missing files, files without anything, and lines without an end", async () => {
    const missing = join(directory, "nothing");
    for (const rdd of [gc().wholeTextFiles(missing), gc().binaryFiles(missing), gc().binaryRecords(missing, 1), gc().objectFile(missing), gc().partialTextFile(missing, 0, 1)]) await expect(rdd.count()).rejects.toThrow("GLOAM_INPUT_NOT_FOUND"); // prettier-ignore
    const path = await write({ empty: "", long: "x".repeat(3_000_000) });
    expect(await gc().wholeTextFiles(path).mapValues((text) => text.length).values().collect()).toEqual([0, 3_000_000]); // prettier-ignore
    expect(await gc().textFile(path, { minPartitions: 7 }).map((line) => line.length).collect()).toEqual([3_000_000]); // prettier-ignore
    expect(await gc().binaryRecords(join(path, "empty"), 4).collect()).toEqual([]);
    expect(await gc().objectFile(join(path, "empty")).collect()).toEqual([]);
    expect(() => gc().wholeTextFiles(path, { minPartitions: 0 })).toThrow("GLOAM_ARGUMENT_INVALID");
    expect(() => gc().binaryFiles(1 as never)).toThrow("GLOAM_ARGUMENT_INVALID");
    await expect(gc().objectFile(join(path, "long")).count()).rejects.toMatchObject({ code: "GLOAM_INPUT_UNREADABLE", operation: "objectFile" }); // prettier-ignore
  });

  test("what is changed while a job reads it", async () => {
    const path = await write({ f: "1234" });
    const rdd = gc().binaryRecords(path, 2);
    expect(await rdd.count()).toBe(2);
    await writeFile(join(path, "f"), "12");
    await expect(rdd.count()).rejects.toThrow("GLOAM_INPUT_UNREADABLE");
    await rm(join(path, "f"));
    await expect(rdd.count()).rejects.toThrow("GLOAM_INPUT_UNREADABLE");
  });
});
