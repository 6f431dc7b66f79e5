import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

/** `npm run test:nodes` brings the other supported versions of Node. */
const nodes = process.env["GLOAM_TEST_NODES"]?.split(delimiter) ?? [process.execPath];
const command = fileURLToPath(new URL("../../gloam/bin/gloam.mjs", import.meta.url));

let node: string;
let directory: string;

beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "gloam-run-")));
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
}

function gloam(...parameters: string[]): { status: number | null; output: string; errors: string } {
  const { status, stdout, stderr } = spawnSync(node, [command, ...parameters], { cwd: directory, encoding: "utf8" });
  return { status, output: stdout, errors: stderr };
}

/** Types, an enum, `await using`, top-level await, a helper by relative path: what one Node or another stumbles over. */
const scripts = {
  "etl.ts": `
import * as gloam from "gloam";
import { captureCallSite, commandLineConfiguration, describeCallSite } from "@gloam/common";
import { Level, shout } from "./helper.ts";

interface Row {
  readonly name: string;
}
class Resource implements AsyncDisposable {
  async [Symbol.asyncDispose](): Promise<void> { console.log("disposed"); }
}
await using resource = new Resource();
const row: Row = await Promise.resolve({ name: "ada" });
console.log(JSON.stringify({
  greeting: shout(row.name), level: Level.High, gloam: typeof gloam, parameters: process.argv.slice(2),
  script: process.argv[1], url: import.meta.url, settings: commandLineConfiguration(),
  site: describeCallSite(captureCallSite()!), stack: new Error("here").stack!.split("\\n")[1],
}), resource ? "" : "");
`,
  "helper.ts": `
import { basename } from "node:path";

export enum Level { Low, High = 5 }
export function shout(text: string): string { return basename("/x/" + text.toUpperCase()); }
`,
};

function expectRun(folder: string): void {
  const { status, output, errors } = gloam(
    "run",
    "--master",
    "local[2]",
    join(folder, "etl.ts"),
    "a",
    "--b",
    "--name=n",
    "--",
    "--name",
  );
  expect(errors).toBe("");
  expect(status).toBe(0);
  const [result, disposed] = output.split("\n");
  expect(disposed).toBe("disposed");
  const path = join(directory, folder, "etl.ts");
  expect(JSON.parse(result ?? "")).toMatchObject({
    greeting: "ADA",
    level: 5,
    gloam: "object",
    parameters: ["a", "--b", "--name"],
    script: path,
    url: new URL(`file://${path}`).href,
    settings: { master: "local[2]", "app.name": "n" },
    site: `${join(folder, "etl.ts")}:17:26`,
    stack: expect.stringMatching(/etl\.ts:17:54/) as string,
  });
}

/** As it stands in the README and in the design of the API. */
const apiExample = `import { GloamContext } from "gloam";

await using gc = new GloamContext({ master: "local[*]", appName: "word count" });
const counts = gc
  .textFile("books/*.txt")
  .flatMap((line) => line.split(/\\s+/))
  .map((word) => [word, 1])
  .reduceByKey((a, b) => a + b);
console.table(await counts.top(10, ([, n]) => n));
`;

describe.each(nodes)("%s", (path) => {
  beforeEach(() => {
    node = path;
  });

  describe("a TypeScript file runs as an ES module", () => {
    test("in a folder without package.json", () => {
      write(scripts);
      expectRun("");
    });

    test("in a package that says CommonJS", () => {
      write({ "package.json": '{ "type": "commonjs" }', ...scripts });
      expectRun("");
    });

    test("in a package that says module", () => {
      write({ "package.json": '{ "type": "module" }', ...scripts });
      expectRun("");
    });
  });

  test("a JavaScript file runs as an ES module, beside CommonJS", () => {
    write({
      "package.json": '{ "type": "commonjs" }',
      "old.js": "module.exports = { answer: 42 };",
      "job.js": `
import old from "./old.js";
import { shout } from "./helper.ts";
await using resource = { async [Symbol.asyncDispose]() { console.log("disposed"); } };
console.log(old.answer, shout(await Promise.resolve("ada")));`,
      "helper.ts": scripts["helper.ts"],
    });
    expect(gloam("run", "job.js")).toEqual({ status: 0, output: "42 ADA\ndisposed\n", errors: "" });
  });

  test("a script's own copy of gloam is used", () => {
    write({
      "node_modules/gloam/package.json": '{ "name": "gloam", "type": "module", "exports": "./index.js" }',
      "node_modules/gloam/index.js": 'export const own = "own copy";',
      "job.ts": 'import { own } from "gloam"; console.log(own);',
    });
    expect(gloam("run", "job.ts").output).toBe("own copy\n");
  });

  test("a worker imports the user's modules with the same loader", () => {
    write({
      "job.ts": `
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { userModuleLoader } from "@gloam/common";
const code = \`
  const { parentPort, workerData } = require("node:worker_threads");
  import(workerData.loader).then(() => import(workerData.module)).then((module) => parentPort.postMessage(module.used));
\`;
const module = new URL("./library.ts", import.meta.url).href;
const worker = new Worker(code, { eval: true, workerData: { loader: userModuleLoader(), module } });
console.log(await once(worker, "message"));`,
      "library.ts": `
import { errorTable } from "@gloam/common";
import * as gloam from "gloam";
import { Level } from "./helper.ts";
export const used: unknown[] = [Level.High, typeof gloam, typeof errorTable];`,
      "helper.ts": scripts["helper.ts"],
    });
    expect(gloam("run", "job.ts")).toEqual({ status: 0, output: "[ [ 5, 'object', 'object' ] ]\n", errors: "" });
  });

  describe("errors of the script", () => {
    test("come out as they are, with the user's line", () => {
      write({ "job.ts": 'interface A {\n  b: number;\n}\nthrow new TypeError("mine");' });
      const { status, errors } = gloam("run", "job.ts");
      expect(status).toBe(1);
      expect(errors).toMatch(/TypeError: mine\n +at .*job\.ts:4:7/);
    });

    test("a syntax error names the file", () => {
      write({ "job.ts": "const x: = 3;\nexport {};" });
      const { status, errors } = gloam("run", "job.ts");
      expect(status).toBe(1);
      expect(errors).toContain("job.ts");
    });

    test("a module that is missing is named", () => {
      write({ "job.ts": 'import "gloam-nothing";' });
      const { status, errors } = gloam("run", "job.ts");
      expect(status).toBe(1);
      expect(errors).toContain("gloam-nothing");
    });

    test("a top level that never ends is exit code 13", () => {
      write({ "job.ts": "await new Promise(() => undefined); export {};" });
      const { status, errors } = gloam("run", "job.ts");
      expect([status, errors]).toEqual([13, `Warning: Detected unsettled top-level await in ${directory}/job.ts\n`]);
    });

    test("process.exit() ends the script where it stands", () => {
      write({ "job.ts": "process.exit(0); console.log('not reached'); export {};" });
      expect(gloam("run", "job.ts")).toEqual({ status: 0, output: "", errors: "" });
    });

    test("process.exitCode is the script's", () => {
      write({ "job.ts": "process.exitCode = 3; export {};" });
      expect(gloam("run", "job.ts").status).toBe(3);
    });
  });

  describe("the command line", () => {
    test.each([
      [["run", "missing.ts"], "GLOAM_INPUT_NOT_FOUND: there is no script 'missing.ts'\n  check the path"],
      [["run", "--mastr", "x"], "GLOAM_ARGUMENT_INVALID: there is no option '--mastr'\n  did you mean '--master'?"],
      [["run", "--conf", "executor.memroy=1g", "x.ts"], "did you mean 'executor.memory'?"],
      [["run", "--executor-memory", "lots", "x.ts"], "GLOAM_CONF_INVALID: 'lots' is no value for 'executor.memory'"],
    ])("%j is refused with exit code 2", (parameters, message) => {
      const { status, output, errors } = gloam(...parameters);
      expect([status, output]).toEqual([2, ""]);
      expect(errors).toContain(message);
      expect(errors).not.toContain("    at ");
    });

    test("--help and --version", () => {
      expect(gloam("--help").output).toMatch(/^Usage: gloam run/);
      expect(gloam("--version").output).toMatch(/^\d+\.\d+\.\d+\n$/);
    });
  });

  test("functions on executors import the user's modules and packages", () => {
    write({
      "job.ts": `import { GloamContext } from "gloam";
import { describeLevel } from "./library.ts";

await using gc = new GloamContext({ master: "local[2]" });
console.log(await gc.parallelize([0, 5], 2).map((level) => describeLevel(level)).collect());
`,
      "library.ts": `import { isGloamError } from "gloam";
import shout from "shouting";
import { Level } from "./helper.ts";
export const describeLevel = (level: Level): string => shout(Level[level]!) + isGloamError(level);
`,
      "helper.ts": scripts["helper.ts"],
      "node_modules/shouting/package.json": '{ "name": "shouting", "main": "./index.js" }',
      "node_modules/shouting/index.js": "module.exports = (text) => text + '!';",
    });
    expect(gloam("run", "job.ts")).toEqual({ status: 0, output: "[ 'Low!false', 'High!false' ]\n", errors: "" });
  });

  test("the example of the API runs unchanged from an empty folder", () => {
    write({
      "count.ts": apiExample,
      "books/one.txt": "to be or not\nto be\n",
      "books/two.txt": "to do",
    });
    const { status, output, errors } = gloam("run", "count.ts");
    expect(errors).toBe("");
    expect(status).toBe(0);
    expect(output).toMatch(/│ 0 +│ 'to' +│ 3 +│/);
    expect(output).toMatch(/│ 1 +│ 'be' +│ 2 +│/);
  });
});
