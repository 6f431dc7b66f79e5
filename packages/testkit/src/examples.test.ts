import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { transform } from "esbuild";
import { files, GloamContext, taskContext } from "gloam";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findExamples, type Example } from "./examples.ts";

const examples = await findExamples(fileURLToPath(new URL("../../core/src", import.meta.url)));

let gc: GloamContext;
let folder: string;
beforeAll(async () => {
  gc = new GloamContext({ master: "local[2]" });
  folder = await mkdtemp(join(tmpdir(), "gloam-examples-"));
  await mkdir(join(folder, "books"));
  await writeFile(join(folder, "books/a.txt"), "the moon\nthe sun\nmoonlight\n");
});
afterAll(async () => {
  await gc.stop();
  await rm(folder, { recursive: true });
});

test("there are examples", () => {
  expect(examples.length).toBeGreaterThan(50);
});

test.each(examples)("$name", async ({ name, statements }) => {
  const run = await compile({ name, statements });
  const seen: { readonly value: unknown; readonly expected: unknown }[] = [];
  await run(
    { gc, GloamContext, taskContext, files, readFileSync },
    join(folder, name.replaceAll(/\W/g, "-")),
    (value, expected) => seen.push({ value: typeof value === "function" ? undefined : value, expected }),
  );
  for (const { value, expected } of seen) expect(value).toEqual(expected);
});

type Run = (
  names: {
    readonly gc: GloamContext;
    readonly GloamContext: typeof GloamContext;
    readonly taskContext: typeof taskContext;
    readonly files: typeof files;
    readonly readFileSync: typeof readFileSync;
  },
  directory: string,
  see: (value: unknown, expected: unknown) => void,
) => Promise<void>;

/** The example as a module of its own: functions of a program that is evaluated from a string have no script to refer to. */
async function compile({ name, statements }: Example): Promise<Run> {
  const body = statements.map(({ text, expected }) =>
    expected === undefined ? text : `see(${text.replace(/;$/, "")}, ${expected});`,
  );
  const source =
    `export default async ({ gc, GloamContext, taskContext, files, readFileSync }, directory, see) => {\n${body.join("\n")}\n};`
      .replace("await using gc =", "gc =")
      .replaceAll('"books/', `"${folder}/books/`);
  const { code } = await transform(source, { loader: "ts", target: "node20" });
  const file = join(folder, `${name.replaceAll(/\W/g, "-")}.mjs`);
  await writeFile(file, code);
  const module = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { readonly default: Run };
  return module.default;
}
