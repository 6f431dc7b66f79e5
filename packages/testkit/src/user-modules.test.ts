import { transform } from "esbuild";
import { GloamContext } from "gloam";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runProgram, type ProgramEnd, type ProgramOptions } from "./run-program.ts";

/** `npm run test:nodes` gives one of each version that is supported. */
const nodes = process.env["GLOAM_TEST_NODES"]?.split(delimiter) ?? [process.execPath];
let node = process.execPath;
let directory: string;
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "gloam-modules-")));
  symlinkSync(fileURLToPath(new URL("../../../node_modules", import.meta.url)), join(directory, "node_modules"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Writes a project and runs its first file. */
async function run(
  files: Readonly<Record<string, string>>,
  { complains = false, ...options }: ProgramOptions & { readonly complains?: boolean } = {},
): Promise<ProgramEnd> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  const [main = ""] = Object.keys(files);
  const end = await runProgram(join(directory, main), { node, ...options });
  if (!complains) expect(end.complaints).toBe("");
  expect(end.status).toBe(0);
  return end;
}

/** The last thing that a program printed. */
function told(end: ProgramEnd): unknown {
  return JSON.parse(end.output);
}

/** Whether a Node.js runs TypeScript without being asked to, and without saying that this is experimental. */
function stripsTypes(path: string): boolean {
  return execFileSync(path, [
    "-p",
    "process.features.typescript !== undefined && parseInt(process.versions.node) >= 24",
  ])
    .toString()
    .startsWith("true");
}

const url = (name: string): string => pathToFileURL(join(directory, name)).href;

/** A context, and the end of all that the program's files are read for: nobody has them from there on. */
const begin = `
import { GloamContext } from "gloam";
import { rmSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
const gc = new GloamContext({ master: "local-cluster[2,1,512]", conf: { "task.maxFailures": 2 } });
/** Lets go of the project as soon as the driver has read what the job needs; executors take longer to start. */
const withoutFiles = async (job) => {
  await nextTurn();
  rmSync(new URL(".", import.meta.url), { recursive: true });
  return job;
};
`;

describe.each(nodes)("executors that have none of the user's files, with %s", (each) => {
  beforeEach(() => void (node = each));
  afterEach(() => void (node = process.execPath));

  test("run functions that import modules of every kind", async () => {
    const end = await run({
      "main.mjs": `${begin}
        import { describe, late, shape } from "./src/words.mjs";
        const words = ["a", "bb", "ccc", "dddd"];
        const rows = gc.parallelize(words, 2).map((word) => [describe(word), shape(word).name]);
        const awaited = gc.parallelize(words, 2).mapAsync(async (word) => {
          const own = await import("./src/own.mjs");
          return (await late(word)) + own.mark;
        });
        const [one, two] = await withoutFiles(Promise.all([rows.collect(), awaited.collect()]));
        const counted = await rows.map(([text]) => [text.length, 1]).reduceByKey((a, b) => a + b).count();
        console.log(JSON.stringify({ one, two, counted }));
        await gc.stop();
      `,
      "src/words.mjs": `
        import limits from "./limits.json" with { type: "json" };
        import { length, quoted } from "./deep/text.cjs";
        import legacy from "./deep/text.cjs";
        import { odd } from "./parity.mjs";
        import { basename } from "node:path";
        export const place = await Promise.resolve(import.meta.url);
        export const even = (n) => n === 0 || odd(n - 1);
        export class Shape { constructor(name) { this.name = name; } }
        export const shape = (word) => new Shape(word.toUpperCase());
        export const describe = (word) =>
          [quoted(word), length(word), even(word.length), limits.most === 7, legacy.file(), basename(place), place].join();
        export const late = async (word) => {
          const { add } = await import("./late.mjs");
          return add(word);
        };
      `,
      "src/parity.mjs": `import { even } from "./words.mjs";\nexport const odd = (n) => n > 0 && even(n - 1);\n`,
      "src/limits.json": `{ "most": 7, "not an identifier": 1 }`,
      "src/late.mjs": `export const add = (word) => word + "!";\n`,
      "src/own.mjs": `export const mark = "?";\n`,
      "src/deep/text.cjs": `
        "use strict";
        const { quote } = require("./quote");
        const { most } = require("../limits.json");
        exports.length = (word) => Math.min(most, word.length);
        exports.quoted = (word) => quote + word + quote;
        exports.file = () => __filename;
      `,
      "src/deep/quote.js": `module.exports = { quote: '"' };\n`,
    });
    const row = (word: string, even: boolean) => [
      [
        `"${word}"`,
        word.length,
        even,
        true,
        join(directory, "src/deep/text.cjs"),
        "words.mjs",
        url("src/words.mjs"),
      ].join(),
      word.toUpperCase(),
    ];
    expect(told(end)).toEqual({
      one: [row("a", false), row("bb", true), row("ccc", false), row("dddd", true)],
      two: ["a!?", "bb!?", "ccc!?", "dddd!?"],
      counted: 2,
    });
    expect(end.leftBehind).toEqual([]);
  });

  test("run TypeScript, and say where it throws", async () => {
    const end = await run(
      {
        "main.ts": `${begin.replace("(job)", "<T>(job: Promise<T>): Promise<T>")}
          import { check, Level, nameOf } from "./src/levels.ts";
          import { helper } from "@/helper";
          const rdd = gc.parallelize([1, 2, 3], 1);
          const names = await withoutFiles(rdd.map((n: number): string => nameOf(n) + Level.High + helper(n)).collect());
          const message = await rdd.map(check).collect().catch((error: Error) => error.message);
          console.log(JSON.stringify({ names, message }));
          await gc.stop();
        `,
        "tsconfig.json": `{
          // Comments are allowed here.
          "compilerOptions": { "paths": { "@/*": ["./src/*"] }, },
        }`,
        "package.json": `{ "type": "module" }`,
        "src/levels.ts": [
          `import type { Missing } from "./missing.js";`,
          `import { text } from "./text.js";`,
          `import { helper } from "@/helper";`,
          `export enum Level { Low, High = "high" }`,
          `export interface Named<T extends Missing = never> { readonly name: T }`,
          `export const nameOf = (n: number): string => text(n) + helper(n);`,
          `export function check(n: number): number {`,
          `  if (n === 3) {`,
          `    throw new RangeError(\`\${n} is too much\`);`,
          `  }`,
          `  return n;`,
          `}`,
        ].join("\n"),
        "src/text.ts": `export const text = (n: number): string => String(n as unknown);\n`,
        "src/helper.ts": `export const helper = (n: number): string => "-".repeat(n);\n`,
      },
      { nodeOptions: ["--import", "tsx"], before: `export TSX_TSCONFIG_PATH='${join(directory, "tsconfig.json")}'` },
    );
    const { names, message } = told(end) as { readonly names: readonly string[]; readonly message: string };
    expect(names).toEqual(["1-high-", "2--high--", "3---high---"]);
    expect(message).toContain(`RangeError: 3 is too much, at ${join(directory, "src/levels.ts")}:9:`);
  });

  test("run TypeScript that Node.js strips itself", async () => {
    const end = await run(
      {
        "main.ts": `${begin.replace("(job)", "<T>(job: Promise<T>): Promise<T>")}
          import { check } from "./src/check.ts";
          const rdd = gc.parallelize([1, 2], 1);
          const message = await withoutFiles(rdd.map(check).collect().catch((error: Error) => error.message));
          console.log(JSON.stringify(message ?? ""));
          await gc.stop();
        `,
        "package.json": `{ "type": "module" }`,
        "src/check.ts": [
          `import type { Missing } from "./missing.ts";`,
          `export interface Named<T extends Missing = never> { readonly name: T }`,
          `export const check = (n: number): number => {`,
          `  if (n === 2) throw new RangeError("too much" satisfies string);`,
          `  return n;`,
          `};`,
        ].join("\n"),
      },
      { nodeOptions: stripsTypes(node) ? [] : ["--import", "tsx"] },
    );
    expect(told(end)).toContain(`RangeError: too much, at ${join(directory, "src/check.ts")}:4:`);
  });

  test("name the line of JavaScript that throws, and of what does not run", async () => {
    const end = await run({
      "main.mjs": `${begin}
        import { fail, lack } from "./src/fails.mjs";
        const rdd = gc.parallelize([1], 1);
        const first = await withoutFiles(rdd.map(fail).collect().catch((error) => error.message));
        const second = await rdd.mapAsync(lack).collect().catch((error) => error.message);
        console.log(JSON.stringify([first, second]));
        await gc.stop();
      `,
      "src/fails.mjs": [
        `import { thrown } from "./thrown.cjs";`,
        `export const fail = (n) => thrown(n);`,
        `export const lack = async () => import("./lacks.mjs");`,
      ].join("\n"),
      "src/thrown.cjs": `exports.thrown = (n) => {\n  throw new Error("no " + n);\n};\n`,
      "src/lacks.mjs": `import "not-installed-anywhere";\n`,
    });
    const [first, second] = told(end) as [string, string];
    expect(first).toContain(`Error: no 1, at ${join(directory, "src/thrown.cjs")}:2:9`);
    expect(second).toContain("not-installed-anywhere");
  });

  test("name the line of the source of what was compiled before", async () => {
    const source = `export interface Row { n: number }\n\nexport function fail({ n }: Row): never {\n  throw new Error("no " + n);\n}\n`;
    const compiled = await transform(source, { loader: "ts", sourcemap: true, sourcefile: "../src/fails.ts" });
    const end = await run(
      {
        "main.mjs": `${begin}
          import { fail } from "./dist/fails.js";
          const rdd = gc.parallelize([{ n: 1 }], 1);
          const message = await withoutFiles(rdd.map(fail).collect().catch((error) => error.message));
          console.log(JSON.stringify(message ?? ""));
          await gc.stop();
        `,
        "package.json": `{ "type": "module" }`,
        "dist/fails.js": `${compiled.code}//# sourceMappingURL=fails.js.map\n`,
        "dist/fails.js.map": compiled.map,
        "src/fails.ts": source,
      },
      { nodeOptions: ["--enable-source-maps"] },
    );
    expect(told(end)).toContain(`Error: no 1, at ${join(directory, "src/fails.ts")}:4:`);
  });

  test("get packages from where they run themselves, and say which is missing", async () => {
    const end = await run({
      "main.mjs": `${begin}
        import { partition } from "./src/uses.mjs";
        import { lack } from "./src/lacks.mjs";
        const rdd = gc.parallelize([1, 2], 2);
        const [there, error] = await withoutFiles(
          Promise.all([
            rdd.map(() => partition()).collect(),
            rdd.map(() => lack()).collect().catch(({ cause }) => cause),
          ]),
        );
        console.log(JSON.stringify({ there, code: error.code, message: error.message }));
        await gc.stop();
      `,
      "src/uses.mjs": `import { taskContext } from "gloam";\nexport const partition = () => taskContext().partition;\n`,
      "src/lacks.mjs": `import { odd } from "only-here";\nexport const lack = () => odd;\n`,
      "src/node_modules/only-here/package.json": `{ "name": "only-here", "type": "module", "exports": "./index.js" }`,
      "src/node_modules/only-here/index.js": `export const odd = 1;\n`,
    });
    expect(told(end)).toEqual({
      there: [0, 1],
      code: "GLOAM_MODULE_NOT_LOADED",
      message: expect.stringContaining(
        `package 'only-here', which ${join(directory, "src/lacks.mjs")} imports, is not on this machine`,
      ) as string,
    });
  });

  test("give them to threads and executors that take the place of lost ones", async () => {
    const files = {
      "main.mjs": `${begin}
        import { twice } from "./src/twice.mjs";
        import { taskContext } from "gloam";
        const rdd = gc.range(0, 4, { partitions: 4 });
        const before = await withoutFiles(rdd.map((n) => twice(n)).collect());
        const threads = await rdd.map((n) => {
          if (taskContext().attempt === 0 && n === 1) process.exit(3);
          return twice(n);
        }).collect();
        const processes = await rdd.map((n) => {
          if (taskContext().attempt === 0 && n === 1) process.kill(process.pid, "SIGKILL");
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
          return twice(n);
        }).collect();
        console.log(JSON.stringify({ before, threads, processes }));
        await gc.stop();
      `,
      "src/twice.mjs": `export const twice = (n) => 2 * n;\n`,
    };
    // An executor that is still starting when the context stops is told so.
    const end = await run(files, { complains: true });
    expect(told(end)).toEqual({ before: [0, 2, 4, 6], threads: [0, 2, 4, 6], processes: [0, 2, 4, 6] });
  });

  test("say what is wrong with a module that the driver cannot read", async () => {
    const end = await run({
      "main.mjs": `${begin}
        import { writeFileSync } from "node:fs";
        const rdd = gc.parallelize([1], 1);
        const load = rdd.mapAsync(async (n) => (await import("./src/late.mjs")).late(n));
        const broken = await load.collect().catch((error) => [error.code, error.message]);
        writeFileSync(new URL("src/late.mjs", import.meta.url), 'export const late = 1;\\nimport "./gone.mjs";\\n');
        const missing = await load.collect().catch((error) => [error.code, error.message]);
        console.log(JSON.stringify([broken, missing]));
        await gc.stop();
      `,
      "src/late.mjs": `export const late = (n) => n;\nexport const = 2;\n`,
    });
    const file = join(directory, "src/late.mjs");
    expect(told(end)).toEqual([
      ["GLOAM_MODULE_NOT_LOADED", expect.stringContaining(`${file}:2:14: `) as string],
      [
        "GLOAM_MODULE_NOT_LOADED",
        expect.stringContaining(`${file}:2:8 imports './gone.mjs', which is not there`) as string,
      ],
    ]);
  });
});

test("a module that is edited between two jobs is the new one in the later job, with all that import it", async () => {
  const end = await run({
    "main.mjs": `
      import { GloamContext } from "gloam";
      import { writeFileSync } from "node:fs";
      import { both, keep } from "./src/both.mjs";
      const gc = new GloamContext({ master: "local-cluster[1,1,512]" });
      const ask = () => gc.parallelize([1], 1).map(() => [both(), keep()]).collect();
      const results = [await ask()];
      writeFileSync(new URL("src/version.mjs", import.meta.url), "export const version = 2222;");
      results.push(await ask(), await ask());
      console.log(JSON.stringify(results.flat()));
      await gc.stop();
    `,
    "src/both.mjs": `
      import { version } from "./version.mjs";
      import { count } from "./count.mjs";
      export const both = () => version;
      export const keep = () => count();
    `,
    "src/version.mjs": `export const version = 1;\n`,
    "src/count.mjs": `let n = 0;\nexport const count = () => ++n;\n`,
  });
  // What has not changed is not evaluated again.
  expect(told(end)).toEqual([[1, 1], [2222, 2], [2222, 3]]); // prettier-ignore
});

test("modules of a test that vitest runs are those of its files, too", async () => {
  mkdirSync(join(directory, "src"));
  writeFileSync(
    join(directory, "src/twice.ts"),
    'import { two } from "./two.js";\nexport const twice = (n: number): number => two * n;\n',
  );
  writeFileSync(join(directory, "src/two.ts"), "export const two: number = 2;\n");
  const { twice } = (await import(join(directory, "src/twice.ts"))) as { readonly twice: (n: number) => number };
  const gc = new GloamContext({ master: "local-cluster[1,1,512]" });
  try {
    const doubled = gc
      .parallelize([1, 2], 1)
      .map((n) => twice(n))
      .collect();
    await setImmediate();
    rmSync(directory, { recursive: true });
    expect(await doubled).toEqual([2, 4]);
  } finally {
    await gc.stop();
  }
});
