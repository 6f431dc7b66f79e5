// npm run mesos:messages: writes the TypeScript of Mesos's messages, and the table by which incoming ones are checked, from the
// .proto files beside this script. With --check it writes nothing and fails when something is not current.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import protobuf from "protobufjs";
import { renderTable } from "./render-table.mjs";
import { renderTypes } from "./render-types.mjs";
import { MessageTypes } from "./message-types.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What clients send and receive; everything else that is generated can be reached from these. */
const roots = ["scheduler.Call", "scheduler.Event", "executor.Call", "executor.Event"].concat(
  ["master.Call", "master.Response", "agent.Call", "agent.Response"], // prettier-ignore
);

const root = new protobuf.Root();
root.resolvePath = (_, target) => at(target);
root.loadSync(
  ["scheduler/scheduler", "executor/executor", "master/master", "agent/agent"].map((file) => `mesos/v1/${file}.proto`),
  { keepCase: true },
);
root.resolveAll();
const types = new MessageTypes(roots.map((name) => root.lookupType(`mesos.v1.${name}`)));

const head = "// Made by `npm run mesos:messages` from Mesos's own definitions; changes here are lost.\n\n";
const texts = { "message-table": renderTable(types) };
for (const file of types.files) texts[file] = renderTypes(file, types);

for (const [name, text] of Object.entries(texts)) {
  const target = at(`../src/messages/${name}.ts`);
  const code = await format(head + text, { ...(await resolveConfig(target)), parser: "typescript" });
  if (existsSync(target) && readFileSync(target, "utf8") === code) continue;
  if (!process.argv.includes("--check")) {
    writeFileSync(target, code);
  } else {
    process.stderr.write(`packages/mesos/src/messages/${name}.ts is not current: run npm run mesos:messages\n`);
    process.exitCode = 1;
  }
}
