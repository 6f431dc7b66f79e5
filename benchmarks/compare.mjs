/**
 * Runs programs of the same workloads one at a time and prints a Markdown table of the medians.
 *
 *     node benchmarks/compare.mjs [--runs 3] [--timeout 300] [--system NAME=COMMAND]... SYSTEM,... WORKLOAD,...
 *
 * Systems: gloam, gloam-processes, gloam-mesos, gloam-after (after five other workloads in the same context), spark, spark-parallel-gc, and any
 * program that follows the protocol in README.md, named with --system. Each run is also appended to
 * `$PEERS_HOME/compare.jsonl`; `--table FILE` prints the table of such a file.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measure } from "./compare/measure.mjs";
import { home, systems, workloads } from "./compare/systems.mjs";
import { table } from "./compare/table.mjs";

const { values: options, positionals } = parseArgs({
  options: {
    runs: { type: "string", default: "3" },
    timeout: { type: "string", default: "300" },
    system: { type: "string", multiple: true, default: [] },
    table: { type: "string" },
  },
  allowPositionals: true,
});

if (options.table !== undefined) {
  const lines = readFileSync(options.table, "utf8").split("\n").filter(Boolean);
  console.log(table(lines.map((line) => JSON.parse(line))));
} else {
  for (const definition of options.system) {
    const [name, command] = definition.split(/=(.*)/s, 2);
    systems.set(name, (workload) => [...command.split(" "), workload]);
  }
  const chosenSystems = listed(positionals[0] ?? "gloam,spark,spark-parallel-gc", [...systems.keys()]);
  const chosenWorkloads = listed(positionals[1] ?? workloads.join(), workloads);
  const records = [];
  for (const workload of chosenWorkloads) {
    for (const system of chosenSystems) {
      for (let run = 0; run < Number(options.runs); run++) {
        const record = await measure(system, workload, Number(options.timeout));
        appendFileSync(join(home, "compare.jsonl"), `${JSON.stringify(record)}\n`);
        console.error(JSON.stringify(record));
        records.push(record);
        if (record.failed !== undefined) break;
      }
    }
  }
  console.log(table(records));
}

function listed(text, known) {
  const names = text.split(",");
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return names;
  console.error(`unknown: ${unknown.join(", ")}; known are ${known.join(", ")}`);
  return process.exit(2);
}
