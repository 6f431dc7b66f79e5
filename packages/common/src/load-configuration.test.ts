import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { setCommandLineConfiguration } from "./command-line-configuration.ts";
import { loadConfiguration } from "./load-configuration.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gloam-configuration-"));
  vi.spyOn(process, "cwd").mockReturnValue(directory);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  setCommandLineConfiguration({});
  rmSync(directory, { recursive: true });
});

test("without any source every key has its default", () => {
  const configuration = loadConfiguration();
  expect(configuration.get("local.dir")).toBe(tmpdir());
  expect(configuration.get("executor.memory")).toBeGreaterThanOrEqual(64 * 2 ** 20);
});

test("reads file, environment and command line", () => {
  writeFileSync(
    join(directory, "gloam.config.json"),
    '{ "app.name": "file", "locality.wait": "1s", "speculation": true }',
  );
  vi.stubEnv("GLOAM_CONF_APP_NAME", "environment");
  vi.stubEnv("GLOAM_CONF_LOCALITY_WAIT", "2s");
  setCommandLineConfiguration({ "app.name": "command line" });
  const configuration = loadConfiguration({ "default.parallelism": 3 });
  expect(configuration.get("app.name")).toBe("command line");
  expect(configuration.get("locality.wait")).toBe(2000);
  expect(configuration.get("speculation")).toBe(true);
  expect(configuration.get("default.parallelism")).toBe(3);
});
