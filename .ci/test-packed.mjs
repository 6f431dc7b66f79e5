// npm run test:packed: the packages as npm would publish them, installed in an empty folder. Needs the registry for what they
// depend on.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

function run(program, parameters, options = {}) {
  const { status, error } = spawnSync(program, parameters, { stdio: "inherit", ...options });
  if (error !== undefined) throw error;
  return status ?? 1;
}

const isPublished = (name) => {
  const manifest = join("packages", name, "package.json");
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).private !== true;
};

const folder = mkdtempSync(join(tmpdir(), "gloam-packed-"));
try {
  const packages = readdirSync("packages").filter(isPublished);
  const pack = ["pack", "--silent", "--pack-destination", folder, ...packages.map((name) => resolve("packages", name))];
  if (run("npm", pack, { stdio: ["ignore", "ignore", "inherit"] }) !== 0) throw new Error("npm pack failed");
  const archives = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const install = ["install", "--no-audit", "--no-fund", ...archives.map((name) => `./${name}`)];
  if (run("npm", install, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] }) !== 0)
    throw new Error("npm install failed");
  const vitest = join("node_modules", "vitest", "vitest.mjs");
  process.exitCode = run(process.execPath, [vitest, "run", ...process.argv.slice(2)], {
    env: { ...process.env, GLOAM_TEST_SUITE: "packed", GLOAM_TEST_FOLDER: folder },
  });
} finally {
  rmSync(folder, { recursive: true });
}
