import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** A folder in which `npm run test:packed` has installed the packages. */
const folder = process.env["GLOAM_TEST_FOLDER"] ?? "";

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

function gloam(...parameters: string[]): string {
  return execFileSync(join(folder, "node_modules", ".bin", "gloam"), parameters, { cwd: folder, encoding: "utf8" });
}

const apiExample = `import { GloamContext } from "gloam";

await using gc = new GloamContext({ master: "local[*]", appName: "word count" });
const counts = gc
  .textFile("books/*.txt")
  .flatMap((line) => line.split(/\\s+/))
  .map((word) => [word, 1])
  .reduceByKey((a, b) => a + b);
console.table(await counts.top(10, ([, n]) => n));
`;

test("the example of the API", () => {
  write({ "count.ts": apiExample, "books/one.txt": "to be or not\nto be\n" });
  expect(gloam("run", "count.ts")).toMatch(/│ 'to' +│ 2 +│/);
});

test("a job of two modules that uses an npm package in its functions", () => {
  write({
    "job.ts": `import { GloamContext } from "gloam";
import { describe } from "./library.ts";
await using gc = new GloamContext({ master: "local[2]" });
console.log(await gc.parallelize([1, 2], 2).map((x) => describe(x)).collect());
`,
    "library.ts": `import { parseExpressionAt } from "acorn";
export const describe = (x: number): string => parseExpressionAt(\`f(\${x})\`, 0, { ecmaVersion: 2023 }).type;
`,
  });
  expect(gloam("run", "job.ts")).toBe("[ 'CallExpression', 'CallExpression' ]\n");
});

test("the programs that run a local Mesos are there", () => {
  write({ "mesos.mjs": 'import { startMesos } from "@gloam/cli/mesos"; console.log(typeof startMesos);' });
  const output = execFileSync(process.execPath, ["mesos.mjs"], { cwd: folder, encoding: "utf8" });
  expect(output).toBe("function\n");
  const programs = readdirSync(join(folder, "node_modules", "@gloam", "cli", "src", "mesos"));
  expect(programs.filter((name) => name.endsWith(".py"))).toEqual([
    "build_stand_ins.py",
    "end_containers.py",
    "fetch_library.py",
    "mesos_containerizer.py",
    "run_cluster.py",
  ]);
});

test("types are there for a program that is compiled", () => {
  const tools = fileURLToPath(new URL("../../../node_modules", import.meta.url));
  const compilerOptions = {
    strict: true,
    noEmit: true,
    module: "nodenext",
    target: "es2023",
    lib: ["es2023", "esnext.disposable"],
    // As of a user who has installed @types/node.
    typeRoots: [join(tools, "@types")],
    types: ["node"],
  };
  write({
    "compiled/count.mts": apiExample,
    "compiled/tsconfig.json": JSON.stringify({ compilerOptions, files: ["count.mts"] }),
  });
  const compiler = join(tools, "typescript", "bin", "tsc");
  const { stdout } = spawnSync(process.execPath, [compiler, "-p", join(folder, "compiled")], { encoding: "utf8" });
  expect(stdout).toBe("");
});
