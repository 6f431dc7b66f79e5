import { files, GloamContext, taskContext } from "gloam";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { masters } from "../masters.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "gloam-added-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe.each(masters)("added files in %s", (master) => {
  test("are found on executors, as they were when they were added, in every stage", async () => {
    const scratch = join(directory, `scratch-${masters.indexOf(master)}`);
    await mkdir(scratch);
    const gc = new GloamContext({ master, conf: { "local.dir": scratch } });
    try {
      const path = join(directory, "wörter 1.txt");
      await writeFile(path, "one");
      expect(await gc.addFile(pathToFileURL(path))).toBe("wörter 1.txt");
      await writeFile(join(directory, "other"), Buffer.from([0, 255, 1]));
      expect(await gc.addFile(join(directory, "other"), "renamed.bin")).toBe("renamed.bin");
      await writeFile(path, "changed since");
      const text = (): string => readFileSync(files.get("wörter 1.txt"), "utf8");
      const pairs = gc.range(4, { partitions: 4 }).map((x) => [text(), x]).groupByKey(2); // prettier-ignore
      const seen = await pairs
        .map(([key, values]) => [key, text(), values.length, [...readFileSync(files.get("renamed.bin"))]] as const)
        .collect();
      expect(seen).toEqual([["one", "one", 4, [0, 255, 1]]]);
      const [place = ""] = await gc.range(1).map(() => files.get("renamed.bin")).collect(); // prettier-ignore
      expect(basename(place)).toBe("renamed.bin");
      expect(place.startsWith(scratch)).toBe(true);
      // One that is added later is there for what has not run yet.
      await writeFile(path, "late");
      await gc.addFile(path, "late.txt");
      expect(await gc.range(1).map(() => readFileSync(files.get("late.txt"), "utf8")).collect()).toEqual(["late"]); // prettier-ignore
    } finally {
      await gc.stop();
    }
    expect(await readdir(scratch)).toEqual([]);
  });

  test("which are not there, and names and files that are refused", async () => {
    await using gc = new GloamContext({ master, conf: { "task.maxFailures": 1 } });
    const find = gc.range(1).map(() => files.get("missing"));
    await expect(find.collect()).rejects.toMatchObject({
      code: "GLOAM_INPUT_NOT_FOUND",
      message: expect.stringContaining("no file 'missing' was added; there is none") as string,
    });
    const path = join(directory, "some");
    await writeFile(path, "some");
    await gc.addFile(path);
    await gc.addFile(path);
    await expect(gc.range(1).map(() => files.get("missing")).collect()).rejects.toThrow("there are some"); // prettier-ignore
    await writeFile(path, "another");
    await expect(gc.addFile(path)).rejects.toThrow("GLOAM_ARGUMENT_INVALID: another file was added as 'some'");
    for (const name of ["", ".", "..", "a/b", "a\\b", "a\0", "x".repeat(300)]) {
      await expect(gc.addFile(path, name)).rejects.toThrow("GLOAM_ARGUMENT_INVALID");
    }
    await expect(gc.addFile(join(directory, "nowhere"))).rejects.toThrow("GLOAM_INPUT_NOT_FOUND");
    await expect(gc.addFile(directory)).rejects.toThrow(/GLOAM_ARGUMENT_INVALID: .* is a directory/);
    await writeFile(join(directory, "large"), new Uint8Array(32 * 2 ** 20 + 1));
    await expect(gc.addFile(join(directory, "large"))).rejects.toThrow("GLOAM_ARGUMENT_INVALID");
    // Larger than any array of bytes: it is not read to find that out.
    await truncate(join(directory, "large"), 2 ** 42);
    await expect(gc.addFile(join(directory, "large"))).rejects.toThrow(`has ${2 ** 42} bytes, and executors take`);
    await rm(join(directory, "large"));
    // It has no end, and would never be done.
    await expect(gc.addFile("/dev/zero")).rejects.toThrow("GLOAM_ARGUMENT_INVALID");
  });

  test("do not keep modules of the user's from being imported", async () => {
    await using gc = new GloamContext({ master });
    const path = join(directory, "beside");
    await writeFile(path, "beside");
    await gc.addFile(path);
    const partitions = gc.range(2, { partitions: 2 }).map(() => [taskContext().partition, masters.length]);
    expect(await partitions.collect()).toEqual([[0, 3], [1, 3]]); // prettier-ignore
  });
});

test("outside of a task", () => {
  expect(() => files.get("x")).toThrow("GLOAM_NO_TASK");
});
