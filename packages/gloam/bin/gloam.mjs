#!/usr/bin/env node
// No top-level await here: an old Node has to parse this file to be told that it is too old.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `GLOAM_NODE_UNSUPPORTED: Gloam needs Node.js 20.19 or newer; this is ${process.versions.node}\n  install a newer Node.js\n`,
  );
  process.exitCode = 1;
} else {
  // What it rejects with is for Node to print.
  void import("@gloam/cli").then(({ main }) => main(process.argv.slice(2), import.meta.url));
}
