import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { abortJob, prepareOutput, type FileOutput } from "./file-output.ts";
import { commitKeyedJob } from "./keyed-output.ts";
import { KeyedParts } from "./keyed-parts.ts";

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), "gloam-io-"))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

function parts(output: FileOutput, partition: number, attempt: number, ...pairs: [unknown, unknown][]): KeyedParts {
  const made = new KeyedParts(output, { stage: 3, partition, attempt });
  for (const [key, line] of pairs) made.append(key, line);
  return made;
}

function committed(...told: Parameters<typeof parts>): void {
  const made = parts(...told);
  made.finish();
  made.commit();
  made.close();
}

test("the parts of each key come together, of one attempt of each task", async () => {
  const output = await prepareOutput(join(root, "out"), { id: "x" });
  const slow = parts(output, 0, 0, ["slow", 1], ["a", 2]);
  const again = parts(output, 0, 0, ["again", 1]);
  // One was committed before its executor was lost, and another in its place.
  committed(output, 0, 1, ["first", 1], ["a", 1]);
  committed(output, 0, 2, ["a", 3], ["b", 4]);
  committed(output, 1, 0, ["a", 5]);
  committed(output, 2, 0);
  expect(slow.finish()).toEqual({ bytes: 4 });
  slow.close();
  again.close();
  await commitKeyedJob(output, 3);
  expect(readdirSync(root)).toEqual(["out"]);
  expect(readdirSync(join(root, "out"))).toEqual(["_SUCCESS", "a", "b"]);
  expect(readdirSync(join(root, "out/a"))).toEqual(["part-00000", "part-00001"]);
  expect(readFileSync(join(root, "out/a/part-00000"), "utf8")).toBe("3\n");
});

test("a task without a committed attempt is told of, and nothing appears", async () => {
  const output = await prepareOutput(join(root, "out"), { id: "x" });
  committed(output, 0, 0, ["a", 1]);
  await expect(commitKeyedJob(output, 2)).rejects.toMatchObject({ code: "GLOAM_OUTPUT_FAILED" });
  await abortJob(output);
  expect(readdirSync(root)).toEqual([]);
});

const descriptors = "/proc/self/fd";
test.runIf(existsSync(descriptors)).each([false, true])(
  "few files are open, however many keys (gzip: %s)",
  async (gzip) => {
    const output = await prepareOutput(join(root, "out"), { id: "x", gzip });
    const before = readdirSync(descriptors).length;
    const made = parts(output, 0, 0);
    const line = "z".repeat(70_000);
    let most = 0;
    for (let i = 0; i < 600; i++) {
      made.append(i % 200, `${line}${i}`);
      most = Math.max(most, readdirSync(descriptors).length - before);
    }
    expect(most).toBeGreaterThan(10);
    expect(most).toBeLessThan(80);
    made.finish();
    expect(readdirSync(descriptors).length).toBeLessThanOrEqual(before + 2);
    made.commit();
    made.close();
    await commitKeyedJob(output, 1);
    const bytes = readFileSync(join(root, "out/7", gzip ? "part-00000.gz" : "part-00000"));
    expect((gzip ? gunzipSync(bytes) : bytes).toString()).toBe([7, 207, 407].map((i) => `${line}${i}\n`).join(""));
  },
);
