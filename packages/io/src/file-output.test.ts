import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { compileFunction } from "node:vm";
import { gunzipSync } from "node:zlib";
import { createBatchBuilder } from "@gloam/arrow";
import type { KernelContext, RowCode, Sink } from "@gloam/plan";
import { afterEach, beforeEach, expect, test } from "vitest";
import { abortJob, commitJob, prepareOutput, type FileOutput } from "./file-output.ts";
import { textOutput, textSink } from "./text-sink.ts";

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), "gloam-io-"))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Opens the sink and gives the function that its lines mean. */
function open(
  output: FileOutput,
  partition: number,
  attempt = 0,
): { readonly sink: Sink; readonly take: (value: unknown) => void } {
  const data = structuredClone(textSink(output).data);
  const sink = textOutput.open({ data, stage: 3, partition, attempt } as KernelContext);
  const constants: unknown[] = [];
  const variables: unknown[] = [];
  const lines: string[] = [];
  const indexOf = (variable: string): number => Number(/\d+/.exec(variable)![0]);
  const code: Partial<RowCode> = {
    value: "value",
    variable: (initial) => `variables[${variables.push(JSON.parse(initial)) - 1}]`,
    reader: (variable) => () => variables[indexOf(variable)],
    setter: (variable) => (value) => void (variables[indexOf(variable)] = value),
    constant: (value) => `constants[${constants.push(value) - 1}]`,
    line: (text) => void lines.push(text),
  };
  sink.emit(code as RowCode);
  const take = compileFunction(lines.join("\n"), ["constants", "variables", "value"]) as (
    constants: unknown[],
    variables: unknown[],
    value: unknown,
  ) => void;
  return { sink, take: (value) => take(constants, variables, value) };
}

function writePart(output: FileOutput, partition: number, values: readonly unknown[], attempt = 0): void {
  const { sink, take } = open(output, partition, attempt);
  values.forEach(take);
  sink.finish();
  sink.commit!();
  sink.close!();
}

test("parts appear together, with _SUCCESS", async () => {
  const directory = join(root, "new/out");
  const output = await prepareOutput(directory, { id: "x1" });
  writePart(output, 0, ["a", 1, null, undefined, 2n, "é😀\uD800", ["x", 2]]);
  writePart(output, 1, []);
  expect(existsSync(directory)).toBe(false);
  await commitJob(output, 2);
  expect(readdirSync(directory)).toEqual(["_SUCCESS", "part-00000", "part-00001"]);
  expect(readFileSync(join(directory, "part-00000"), "utf8")).toBe("a\n1\nnull\nundefined\n2\né😀\uFFFD\nx,2\n");
  expect(readFileSync(join(directory, "part-00001"), "utf8")).toBe("");
  expect(readdirSync(join(root, "new"))).toEqual(["out"]);
});

test.each([false, true])("large parts are written in pieces (gzip: %s)", async (gzip) => {
  const output = await prepareOutput(pathToFileURL(join(root, "out")).href, { id: "x", gzip });
  const values = Array.from({ length: 50_000 }, (_, index) => `${index}`.padStart(60, "é"));
  values[100] = "ü".repeat(3_000_000);
  writePart(output, 7, values);
  await commitJob(output, 1);
  const bytes = readFileSync(join(root, "out", `part-00007${gzip ? ".gz" : ""}`));
  expect((gzip ? gunzipSync(bytes) : bytes).toString() === `${values.join("\n")}\n`).toBe(true);
});

test("one attempt of a task is committed; the others leave nothing", async () => {
  const output = await prepareOutput(join(root, "out"), { id: "x" });
  const slow = open(output, 0, 0);
  slow.take("slow");
  const again = open(output, 0, 0);
  again.take("again");
  writePart(output, 0, ["fast"], 1);
  slow.sink.finish();
  slow.sink.close!();
  again.sink.close!();
  expect(readdirSync(output.attempts)).toEqual([]);
  await commitJob(output, 1);
  expect(readFileSync(join(root, "out/part-00000"), "utf8")).toBe("fast\n");
});

test("an aborted job leaves nothing, not even the parents it made", async () => {
  const output = await prepareOutput(join(root, "a/b/out"), { id: "x" });
  writePart(output, 0, ["a"]);
  await abortJob(output);
  expect(readdirSync(root)).toEqual([]);

  const second = await prepareOutput(join(root, "a/b/out"), { id: "y" });
  writeFileSync(join(root, "a/other"), "");
  await abortJob(second);
  expect(readdirSync(join(root, "a"))).toEqual(["other"]);
});

test("nothing is overwritten", async () => {
  const directory = join(root, "out");
  const output = await prepareOutput(directory, { id: "x" });
  mkdirSync(directory);
  await expect(commitJob(output, 0)).rejects.toMatchObject({ code: "GLOAM_OUTPUT_EXISTS" });
  const callSite = { file: "etl.ts", line: 1, column: 1 };
  await expect(prepareOutput(directory, { id: "y", callSite })).rejects.toMatchObject({
    code: "GLOAM_OUTPUT_EXISTS",
    callSite,
  });
});

test("a missing part, a file in the way, and a vanished directory are reported with path and errno", async () => {
  const output = await prepareOutput(join(root, "out"), { id: "x" });
  await expect(commitJob(output, 1)).rejects.toMatchObject({
    code: "GLOAM_OUTPUT_FAILED",
    message: expect.stringContaining("0 parts") as string,
  });
  writeFileSync(join(root, "file"), "");
  await expect(prepareOutput(join(root, "file/out"), { id: "x" })).rejects.toMatchObject({
    code: "GLOAM_OUTPUT_FAILED",
    message: expect.stringMatching(/file.*ENOTDIR/) as string,
  });
  expect(() => open(output, 0)).toThrow(/GLOAM_OUTPUT_FAILED.*_temporary.*ENOENT/);
  await expect(prepareOutput("s3://bucket/out", { id: "x" })).rejects.toMatchObject({
    code: "GLOAM_ARGUMENT_INVALID",
  });
});

test.each([false, true])("joined texts are written between lines (gzip: %s)", async (gzip) => {
  const directory = join(root, `joined-${String(gzip)}`);
  const output = await prepareOutput(directory, { id: "x1", gzip });
  const { sink, take } = open(output, 0);
  const long = "x".repeat(2 ** 20 + 5);
  const texts: [string, string][] = [...Array.from({ length: 9000 }, (_, i): [string, string] => [`${i}`, "é".repeat(i % 50)]), ["b", long], ["c", "d"]]; // prettier-ignore
  const builder = createBatchBuilder();
  for (const pair of texts) builder.append(pair);
  take("before");
  expect(sink.takeJoined!(builder.finish(), [1, "-", 0])).toBe(true);
  take("after");
  builder.append(["a", null]);
  expect(sink.takeJoined!(builder.finish(), [1, "-", 0])).toBe(false);
  sink.finish();
  sink.commit!();
  sink.close!();
  const bytes = readFileSync(join(output.staging, gzip ? "part-00000.gz" : "part-00000"));
  const lines = ["before", ...texts.map(([key, value]) => `${value}-${key}`), "after", ""];
  expect((gzip ? gunzipSync(bytes) : bytes).toString()).toBe(lines.join("\n"));
});
