import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const ours = /^(?:gloam|@gloam\/.+)$/;

/** The packages, but for Gloam's own and Node's, that are loaded with a module because it imports them, or what it imports does. */
function packagesImportedBy(url: string, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(url)) return packages;
  seen.add(url);
  const statement = /^(?:import|export)\b[^;"']*?(?:\bfrom\s*)?"([^"]+)";/gm;
  for (const [, specifier] of readFileSync(fileURLToPath(url), "utf8").matchAll(statement)) {
    if (specifier!.startsWith("node:")) continue;
    if (!specifier!.startsWith(".") && !ours.test(specifier!)) {
      packages.add(specifier!);
      continue;
    }
    const imported = specifier!.startsWith(".") ? new URL(specifier!, url).href : import.meta.resolve(specifier!);
    for (const name of packagesImportedBy(imported, seen)) packages.add(name);
  }
  return packages;
}

test.each(["gloam", "@gloam/executor/worker", "@gloam/shuffle", "@gloam/io"])(
  "%s loads no other package before it is needed",
  (entry) => {
    expect([...packagesImportedBy(import.meta.resolve(entry))]).toEqual([]);
  },
);

test("a context that waits for its executors has the parser and msgpackr before the first job", async () => {
  const program = `
    import { createRequire } from "node:module";
    import { GloamContext } from "gloam";
    const gc = new GloamContext({ master: "local[1]" });
    await gc.ready();
    console.log(JSON.stringify(Object.keys(createRequire(process.cwd() + "/").cache)));
    await gc.stop();`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
  });
  const loaded = (JSON.parse(stdout) as string[]).join("\n");
  expect(loaded).toContain("acorn");
  expect(loaded).toContain("msgpackr");
});

test("what is imported is seen", () => {
  expect([...packagesImportedBy(import.meta.resolve("@gloam/protocol"))].toSorted()).toEqual(["valibot", "ws"]);
});
