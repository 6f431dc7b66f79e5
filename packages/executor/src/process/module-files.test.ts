import type { SentModule } from "@gloam/protocol";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ModuleFiles } from "./module-files.ts";

let directory: string;
beforeEach(() => void (directory = realpathSync(mkdtempSync(join(tmpdir(), "gloam-files-")))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function sent(text: string, more: Partial<SentModule> = {}): SentModule {
  return {
    type: "module",
    path: `${"a".repeat(16)}/${"b".repeat(32)}.mjs`,
    hash: createHash("sha256").update(text).digest("hex"),
    source: Buffer.from(text),
    home: join(directory, "nowhere"),
    packages: [],
    ...more,
  };
}

const files = (): ModuleFiles => new ModuleFiles(join(directory, "scratch"));

test("a module can be imported by the URL that functions know it by", async () => {
  const module = sent("export const a = 1;");
  const kept = files();
  kept.add(module);
  const imported = kept.importedBy({ names: [{ url: "file:///user/a.ts", path: module.path }], isMapped: true });
  expect(imported.isMapped).toBe(true);
  expect(await import(imported.files.get("file:///user/a.ts") ?? "")).toMatchObject({ a: 1 });
});

test("a source that is another one is refused, and so is a stage whose modules are not there", () => {
  const module = sent("export const a = 1;");
  const invalid = expect.objectContaining({ code: "GLOAM_FRAME_INVALID" }) as Error;
  expect(() => files().add({ ...module, source: Buffer.from("export const a = 2;") })).toThrow(invalid);
  expect(() => files().importedBy({ names: [{ url: "file:///a", path: module.path }], isMapped: false })).toThrow(
    invalid,
  );
});

test("packages are those of the user's directory, and Gloam's own those of this executor", async () => {
  const installed = join(directory, "user", "node_modules", "left");
  mkdirSync(installed, { recursive: true });
  writeFileSync(join(installed, "package.json"), `{ "type": "module", "exports": "./left.js" }`);
  writeFileSync(join(installed, "left.js"), "export const place = import.meta.url;");
  const text = `export { place } from "left"; export { GloamError } from "@gloam/common";`;
  const module = sent(text, {
    home: join(directory, "user", "src"),
    packages: ["left", "@gloam/common", "not-there"],
  });
  const kept = files();
  kept.add(module);
  const file = kept
    .importedBy({ names: [{ url: "file:///a", path: module.path }], isMapped: false })
    .files.get("file:///a");
  const { place, GloamError } = (await import(file ?? "")) as { readonly place: string; readonly GloamError: unknown };
  expect(place).toContain(join(installed, "left.js"));
  expect(typeof GloamError).toBe("function");
});

test("a directory that cannot be used is said", () => {
  writeFileSync(join(directory, "scratch"), "");
  expect(() => files().add(sent(""))).toThrow(expect.objectContaining({ code: "GLOAM_SCRATCH_UNUSABLE" }));
});
