import { startMesos } from "@gloam/cli/mesos";
import { GloamContext } from "gloam";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runProgram } from "../run-program.ts";
import { MesosView } from "./mesos-view.ts";

const secret = "the-secret-of-gloam-4711";
let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gloam-mesos-credentials-"));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function secretFile(text: string): string {
  const path = join(directory, "secret");
  writeFileSync(path, `${text}\n`, { mode: 0o600 });
  return path;
}

/** Arguments and environment of every process but this one. */
function processTexts(): string {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((name) => {
      try {
        return readFileSync(`/proc/${name}/environ`, "latin1") + readFileSync(`/proc/${name}/cmdline`, "latin1");
      } catch {
        return "";
      }
    })
    .join("\n");
}

test("the right secret is taken, and nobody else can read it", async () => {
  await using mesos = await startMesos({ credentials: { gloam: secret } });
  await using gc = new GloamContext({
    master: mesos.url,
    conf: { "mesos.principal": "gloam", "mesos.secretFile": secretFile(secret) },
  });
  expect(await gc.range(0, 100).sum()).toBe(4950);
  const state = await new MesosView(mesos).text();
  expect(state).toContain('"principal":"gloam"');
  expect(state).not.toContain(secret);
  expect(processTexts()).not.toContain(secret);
  expect(readFileSync(mesos.log, "utf8")).not.toContain(secret);
});

test("the secret of the application is in no file of agents, no arguments, no environment, and not in the master's state", async () => {
  await using mesos = await startMesos({ workDirectory: directory });
  await using gc = new GloamContext({ master: mesos.url });
  expect(await gc.range(0, 100).sum()).toBe(4950);
  // What stands beside the secret in an executor's settings, as it is or in base64.
  const settings = /"scratchPath":|InNjcmF0Y2hQYXRoI|c2NyYXRjaFBhdG|zY3JhdGNoUGF0a/;
  expect(await new MesosView(mesos).text()).not.toMatch(settings);
  expect(processTexts()).not.toMatch(settings);
  const kept = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/node_modules/.test(entry.parentPath))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
  expect(kept.some((text) => text.includes("executor-1"))).toBe(true);
  expect(kept.filter((text) => settings.test(text))).toEqual([]);
});

test.each(["wrong", ""])("a secret that is '%s' is one clear error, at once and for good", async (given) => {
  await using mesos = await startMesos({ credentials: { gloam: secret } });
  const conf =
    given === ""
      ? {}
      : { "mesos.principal": "gloam", "mesos.secretFile": secretFile(`not-${secret.slice(0, 4)}-${given}`) };
  const { output, complaints, status, milliseconds } = await runProgram("sums.mjs", {
    parameters: [mesos.url, JSON.stringify(conf)],
  });
  expect({ output, status }).toEqual({ output: "GLOAM_MESOS_UNAUTHORIZED\n", status: 0 });
  expect(complaints.match(/GLOAM_MESOS_UNAUTHORIZED/g)).toHaveLength(1);
  expect(complaints).toContain("mesos.secretFile");
  expect(complaints).not.toContain("not-the");
  expect(milliseconds).toBeLessThan(20_000);
  expect(await new MesosView(mesos).known()).toEqual(new Set());
});

test("no master there: said at once, tried for a while, and then an error", async () => {
  const { output, complaints, status } = await runProgram("sums.mjs", {
    parameters: ["mesos://127.0.0.1:9", JSON.stringify({ "mesos.connectTimeout": "3s" })],
  });
  expect({ output, status }).toEqual({ output: "GLOAM_MESOS_UNREACHABLE\n", status: 0 });
  expect(complaints).toMatch(/^\S+ warn no master takes the application, trying again: .*ECONNREFUSED/);
  expect(complaints.match(/trying again/g)).toHaveLength(1);
});
