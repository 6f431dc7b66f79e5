// Checks every package that is published as npm would publish it.
import { readdirSync, readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

let problems = 0;
for (const name of readdirSync("packages")) {
  const manifest = join("packages", name, "package.json");
  if (!existsSync(manifest)) continue;
  const packageJson = JSON.parse(readFileSync(manifest, "utf8"));
  if (packageJson.private === true) continue;
  const { messages } = await publint({ pkgDir: join("packages", name), strict: true });
  for (const message of messages) process.stdout.write(`${packageJson.name}: ${formatMessage(message, packageJson)}\n`);
  problems += messages.length;
}
process.exitCode = problems === 0 ? 0 : 1;
