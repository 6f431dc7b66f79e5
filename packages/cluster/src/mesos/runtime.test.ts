import { spawnSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { selfSignedCertificate } from "../self-signed-certificate.ts";
import { fetchArguments } from "./fetch-runtime.ts";
import { packRuntime, type RuntimeArchive } from "./runtime-archive.ts";
import { RuntimeServer } from "./runtime-server.ts";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "gloam-test-"))));
afterEach(() => rmSync(directory, { recursive: true }));

function write(files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return join(directory, "index.js");
}

const application = {
  "node_modules/app/package.json":
    '{ "name": "app", "type": "module", "dependencies": { "part": "1", "tsx": "1", "a": "1" } }',
  "node_modules/app/main.js":
    'import { name } from "part"; import a from "a"; console.log(name, a, process.argv.length);',
  "node_modules/app/main.js.map": "{}",
  "node_modules/app/node_modules/part/package.json": '{ "name": "part", "main": "part.cjs" }',
  "node_modules/app/node_modules/part/part.cjs": 'exports.name = "nested";',
  "node_modules/a/package.json": '{ "name": "a", "main": "./a.cjs", "dependencies": { "part": "2" } }',
  "node_modules/a/a.cjs": 'module.exports = require("part").name;',
  "node_modules/part/package.json": '{ "name": "part", "main": "part.js" }',
  "node_modules/part/part.js": 'exports.name = "beside";',
  "node_modules/tsx/package.json": '{ "name": "tsx" }',
  "node_modules/other/package.json": '{ "name": "other" }',
};

function pathsIn({ bytes }: RuntimeArchive): string[] {
  const unpacked = gunzipSync(bytes);
  const table = JSON.parse(unpacked.toString("utf8", 4, 4 + unpacked.readUInt32LE(0))) as [string, number][];
  return table.map(([path]) => path);
}

test("a package is packed with what it needs, each in the version that it finds, and nothing else", () => {
  const from = write(application);
  const archive = packRuntime(["app"], from);
  expect(pathsIn(archive)).toEqual([
    "node_modules/a/a.cjs",
    "node_modules/a/package.json",
    "node_modules/app/main.js",
    "node_modules/app/package.json",
    "node_modules/app/node_modules/part/package.json",
    "node_modules/app/node_modules/part/part.cjs",
    "node_modules/part/package.json",
    "node_modules/part/part.js",
  ]);
  expect(packRuntime(["app"], from)).toEqual(archive);
});

async function run(server: RuntimeServer, sha256: string): Promise<{ code: number; output: string; errors: string }> {
  const sandbox = join(directory, "sandbox");
  mkdirSync(sandbox, { recursive: true });
  const entry = "node_modules/app/main.js";
  const url = server.url("127.0.0.1");
  const child = spawn(process.execPath, [...fetchArguments(url, sha256, entry)], { cwd: sandbox });
  let output = "";
  let errors = "";
  child.stdout.on("data", (text) => (output += String(text)));
  child.stderr.on("data", (text) => (errors += String(text)));
  const [code] = (await once(child, "close")) as [number];
  return { code, output, errors };
}

test.each([false, true])("it is fetched, checked, unpacked and run; over TLS: %s", async (isSecure) => {
  const archive = packRuntime(["app"], write(application));
  const tls = isSecure ? selfSignedCertificate("test") : undefined;
  const server = await RuntimeServer.listen({ archive, host: "127.0.0.1", port: 0, tls });
  try {
    expect(await run(server, archive.sha256)).toEqual({ code: 0, output: "nested beside 4\n", errors: "" });
  } finally {
    await server.close();
  }
});

test("other bytes are not run, and nobody else is served", async () => {
  const archive = packRuntime(["app"], write(application));
  const changed = Buffer.from(archive.bytes);
  changed[changed.length - 9]! ^= 1;
  const server = await RuntimeServer.listen({ archive: { ...archive, bytes: changed }, host: "127.0.0.1", port: 0 });
  try {
    const { code, errors } = await run(server, archive.sha256);
    expect(code).toBe(1);
    expect(errors).toContain(`not ${archive.sha256}`);
    expect(readdirSync(join(directory, "sandbox"))).toEqual([]);
    const answer = await fetch(new URL("/", server.url("127.0.0.1")));
    expect(answer.status).toBe(404);
  } finally {
    await server.close();
  }
});

test("Gloam's own runtime starts an executor from an empty directory", () => {
  const archive = packRuntime(["gloam"], import.meta.filename);
  const unpacked = gunzipSync(archive.bytes);
  const end = 4 + unpacked.readUInt32LE(0);
  let at = end;
  for (const [path, length] of JSON.parse(unpacked.toString("utf8", 4, end)) as [string, number][]) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), unpacked.subarray(at, (at += length)));
  }
  const script = `
    import { GloamContext } from "gloam";
    const gc = new GloamContext({ master: "local-cluster[1,1,512]" });
    console.log(await gc.parallelize([1, 2, 3]).map((n) => [n % 2, n]).reduceByKey((a, b) => a + b).collect());
    await gc.stop();`;
  writeFileSync(join(directory, "script.mjs"), script);
  const { stdout, stderr } = spawnSync(process.execPath, ["script.mjs"], { cwd: directory, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(stdout).toContain("[ 0, 2 ]");
});
