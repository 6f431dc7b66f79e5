import { GloamContext } from "gloam";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

/** A Python that has pyarrow; `npm run test:pyarrow` makes one. */
const python = process.env["GLOAM_TEST_PYTHON"] ?? "python3";

let directory: string;
let gc: GloamContext;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "gloam-pyarrow-"));
  gc = new GloamContext({ master: "local[2]" });
});
afterAll(async () => {
  await gc.stop();
  rmSync(directory, { recursive: true });
});

function runPython(program: string, ...parameters: string[]): string {
  const path = fileURLToPath(new URL(`programs/${program}`, import.meta.url));
  return execFileSync(python, [path, ...parameters], { encoding: "utf8", maxBuffer: 2 ** 26 });
}

test("pyarrow reads what saveAsObjectFile writes: another stream where types change, bytes where kinds are mixed", async () => {
  const path = join(directory, "saved");
  const elements = [...Array.from({ length: 5000 }, (_, i) => [`k${i}`, i / 2]), ...Array.from({ length: 100 }, (_, i) => ({ a: i }))]; // prettier-ignore
  await gc.parallelize(elements, 1).saveAsObjectFile(path);
  const streams = JSON.parse(runPython("describe_stream.py", join(path, "part-00000.arrows"))) as {
    readonly name: string;
    readonly type: string;
    readonly values: readonly unknown[];
  }[][];
  expect(streams.map((columns) => columns.map(({ name, type, values }) => [name, type, values.length]))).toEqual([
    [["0", "string", 5000], ["1", "double", 5000]], // prettier-ignore
    [["value", "binary", 100]],
  ]);
});

test("objectFile reads what pyarrow writes", async () => {
  const path = join(directory, "from");
  const to = join(directory, "to");
  const elements = Array.from({ length: 20_000 }, (_, i) => ({ id: i, name: i % 5 === 0 ? null : `n${i}`, tags: ["a", `${i}`] })); // prettier-ignore
  await gc.parallelize(elements, 1).saveAsObjectFile(path);
  mkdirSync(to);
  runPython("rewrite_stream.py", join(path, "part-00000.arrows"), join(to, "rewritten.arrows"));
  const rows = gc.objectFile<(typeof elements)[number]>(to);
  expect(await rows.collect()).toEqual(elements);
  expect(await rows.filter(({ name }) => name === null).count()).toBe(4000);
});
