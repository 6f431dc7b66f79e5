#!/usr/bin/env node
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `GLOAM_NODE_UNSUPPORTED: Gloam needs Node.js 20.19 or newer; this is ${process.versions.node}\n  install a newer Node.js\n`,
  );
  process.exitCode = 1;
} else {
  const { main } = await import("@gloam/cli");
  await main(process.argv.slice(2), import.meta.url);
}
