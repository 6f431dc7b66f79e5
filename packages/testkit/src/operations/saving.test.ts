import fc from "fast-check";
import { taskContext, type Rdd } from "gloam";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { words } from "./sequences.ts";

let directory: string;
let runs = 0;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "gloam-saving-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

function fresh(): string {
  return join(directory, `run-${runs++}`);
}

/** Every file below a directory, by its name relative to it. */
async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .toSorted();
}

/** A value of any kind that travels. */
const value = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.string(),
  fc.constantFrom(null, undefined, true, 5n, new Date(7), new Map([[1, "a"]])),
  fc.tuple(fc.string(), fc.integer()),
  fc.record({ a: fc.integer(), b: fc.array(fc.string()) }),
);

onEveryMaster("saving", (gc) => {
  describe("saveAsObjectFile", () => {
    test("objectFile gives back what was saved, whatever it is", async () => {
      const cases = fc.record({
        values: fc.array(value, { maxLength: 60 }),
        partitions: fc.integer({ min: 1, max: 5 }),
        gzip: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(cases, async ({ values, partitions, gzip }) => {
          const path = fresh();
          await gc().parallelize(values, partitions).saveAsObjectFile(path, { gzip });
          expect(await gc().objectFile(path).collect()).toEqual(values);
          const end = gzip ? ".arrows.gz" : ".arrows";
          const names = Array.from({ length: partitions }, (_, i) => `part-0000${i}${end}`);
          expect(await filesIn(path)).toEqual(["_SUCCESS", ...names]);
        }),
        { numRuns: 12 },
      );
    });

    test("many elements, and large ones", async () => {
      const path = fresh();
      await gc()
        .range(200_000, { partitions: 2 })
        .map((x) => [x, `w${x % 7}`])
        .saveAsObjectFile(path);
      const read = gc().objectFile<[number, string]>(path);
      expect(await read.keys().sum()).toBe((200_000 * 199_999) / 2);
      const counts = await read.map(([, word]) => [word, 1]).reduceByKey((a, b) => a + b).collect(); // prettier-ignore
      expect(counts).toHaveLength(7);
      const large = fresh();
      const element = "x".repeat(3_000_000);
      await gc().parallelize([element, element], 1).saveAsObjectFile(large);
      expect(await gc().objectFile<string>(large).map((text) => text.length).collect()).toEqual([3_000_000, 3_000_000]); // prettier-ignore
    });

    test("what cannot be encoded, and what is damaged", async () => {
      const path = fresh();
      const symbols = gc().range(2, { partitions: 1 }).map((x) => Symbol(String(x))); // prettier-ignore
      await expect(symbols.saveAsObjectFile(path)).rejects.toThrow("GLOAM_VALUE_NOT_SERIALIZABLE");
      await expect(readdir(path)).rejects.toThrow("ENOENT");
      await gc().range(1000, { partitions: 1 }).saveAsObjectFile(path);
      const file = join(path, "part-00000.arrows");
      const bytes = await readFile(file);
      await writeFile(file, bytes.subarray(0, bytes.length - 8));
      await expect(gc().objectFile(path).count()).rejects.toThrow("GLOAM_INPUT_UNREADABLE");
    });
  });

  describe("saveAsTextFileByKey", () => {
    test("against groups of arrays", async () => {
      const key = fc.oneof(fc.constantFrom("a", "b", "", "..", "_x", "a/b", "50%"), fc.nat(3), fc.string());
      const cases = fc.record({
        pairs: fc.array(fc.tuple(key, fc.oneof(fc.nat(), fc.constantFrom("x", "é"))), { maxLength: 50 }),
        partitions: fc.integer({ min: 1, max: 4 }),
        gzip: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(cases, async ({ pairs, partitions, gzip }) => {
          const path = fresh();
          await gc().parallelize(pairs, partitions).saveAsTextFileByKey(path, { gzip });
          const expected = new Map<string, string>();
          for (const [each, line] of pairs) {
            const name = String(each).toWellFormed();
            expected.set(name, `${expected.get(name) ?? ""}${line}\n`);
          }
          const found = new Map<string, string>();
          for (const file of await filesIn(path)) {
            if (file === "_SUCCESS") continue;
            const [name = "", part = ""] = file.split("/");
            expect(part).toMatch(gzip ? /^part-\d{5}\.gz$/ : /^part-\d{5}$/);
            const bytes = await readFile(join(path, file));
            const decoded = name === "%" ? "" : decodeURIComponent(name);
            found.set(decoded, (found.get(decoded) ?? "") + (gzip ? gunzipSync(bytes) : bytes).toString());
          }
          expect(found).toEqual(expected);
        }),
        { numRuns: 12 },
      );
    });

    test("more keys than files that may be open", async () => {
      const path = fresh();
      const pairs = gc()
        .range(30_000, { partitions: 2 })
        .map((x) => [x % 700, x]);
      await pairs.saveAsTextFileByKey(path);
      expect((await readdir(path)).length).toBe(701);
      expect(await gc().textFile(`${path}/33`).map(Number).sum()).toBe(Array.from({ length: 43 }, (_, i) => 33 + 700 * i).filter((x) => x < 30_000).reduce((a, b) => a + b)); // prettier-ignore
      expect(await gc().textFile(`${path}/*`).count()).toBe(30_000);
    });

    test("long texts are written in pieces", async () => {
      const path = fresh();
      const line = "y".repeat(100_000);
      await gc().range(200, { partitions: 1 }).map((x) => [x % 2, line]).saveAsTextFileByKey(path, { gzip: true }); // prettier-ignore
      expect(await gc().textFile(`${path}/1`).map((text) => text.length).collect()).toEqual(Array(100).fill(100_000)); // prettier-ignore
    });

    test("elements that are no pairs, and keys that are too long for a name", async () => {
      const none: unknown = gc().parallelize(["ab"], 1);
      const saving = (none as Rdd<[string, string]>).saveAsTextFileByKey(fresh());
      await expect(saving).rejects.toThrow("GLOAM_ELEMENT_INVALID");
      const path = fresh();
      const long = gc().parallelize([["k".repeat(300), 1]], 1);
      await expect(long.saveAsTextFileByKey(path)).rejects.toMatchObject({ code: "GLOAM_OUTPUT_FAILED" });
      await expect(readdir(path)).rejects.toThrow("ENOENT");
    });
  });

  describe.each(["saveAsTextFile", "saveAsObjectFile", "saveAsTextFileByKey"] as const)("%s is atomic", (save) => {
    const read = (path: string): Promise<unknown[]> =>
      save === "saveAsObjectFile"
        ? gc().objectFile(path).collect()
        : gc().textFile(save === "saveAsTextFile" ? path : `${path}/*`).collect(); // prettier-ignore

    test("nothing is overwritten without being told; what is told makes way as a whole", async () => {
      const path = fresh();
      await gc().parallelize([[1, "one"], [2, "two"]], 2)[save](path); // prettier-ignore
      const before = await read(path);
      const files = await filesIn(path);
      const other = gc().parallelize([[1, "x"]], 1);
      await expect(other[save](path)).rejects.toThrow("GLOAM_OUTPUT_EXISTS");
      await expect(other[save](path, { overwrite: 1 as never })).rejects.toThrow("GLOAM_ARGUMENT_INVALID");
      const fails = other.map((pair) => {
        if (pair[0] === 1) throw new Error("no");
        return pair;
      });
      await expect(fails[save](path, { overwrite: true })).rejects.toThrow("GLOAM_TASK_FAILED");
      expect(await filesIn(path)).toEqual(files);
      expect(await read(path)).toEqual(before);
      await gc().parallelize([[3, "three"]], 1)[save](path, { overwrite: true }); // prettier-ignore
      expect(await read(path)).toHaveLength(1);
      expect((await readdir(directory)).filter((name) => name.startsWith("."))).toEqual([]);
    });

    test("a file in the way is never overwritten", async () => {
      const path = fresh();
      await writeFile(path, "precious");
      const saving = gc().parallelize([[1, "x"]], 1)[save](path, { overwrite: true }); // prettier-ignore
      await expect(saving).rejects.toThrow("GLOAM_OUTPUT_EXISTS");
      expect(await readFile(path, "utf8")).toBe("precious");
    });

    test("empty partitions, and none at all", async () => {
      const path = fresh();
      await gc().emptyRdd<[number, string]>()[save](path);
      expect(await readdir(path)).toEqual(["_SUCCESS"]);
      const few = fresh();
      await gc().parallelize<[number, string]>([[1, "a"]], 3)[save](few); // prettier-ignore
      expect(await read(few)).toHaveLength(1);
    });

    test("a task that is cancelled leaves nothing behind", async () => {
      const path = fresh();
      const controller = new AbortController();
      const endless = gc()
        .range(2, { partitions: 2 })
        .map((x) => {
          const isLast = x === 1;
          while (!taskContext().cancelled) if (!isLast) break;
          return [x, "a"];
        });
      const saving = endless[save](path, { signal: controller.signal });
      setTimeout(() => controller.abort(), 100);
      await expect(saving).rejects.toThrow("GLOAM_JOB_CANCELLED");
      await expect(readdir(path)).rejects.toThrow("ENOENT");
    });
  });

  test("what is overwritten may be read by the same job", async () => {
    const path = fresh();
    await gc().range(3, { partitions: 2 }).saveAsObjectFile(path);
    const more = gc().objectFile<number>(path).flatMap((x) => [x, x + 10]); // prettier-ignore
    await more.saveAsObjectFile(path, { overwrite: true });
    expect(await gc().objectFile(path).collect()).toEqual([0, 10, 1, 11, 2, 12]);
  });

  test("directories are made; what is no path is refused", async () => {
    const path = join(fresh(), "a", "b");
    await gc().parallelize(words(3), 1).saveAsTextFile(path, { gzip: true });
    expect(await readdir(path)).toEqual(["_SUCCESS", "part-00000.gz"]);
    await expect(gc().range(1).saveAsTextFile(new URL("http://x/y"))).rejects.toThrow("GLOAM_ARGUMENT_INVALID");
    await mkdir(join(directory, "there"), { recursive: true });
    await expect(gc().range(1).saveAsObjectFile(join(directory, "there"))).rejects.toThrow("GLOAM_OUTPUT_EXISTS");
  });
});
