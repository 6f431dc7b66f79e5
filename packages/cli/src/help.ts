import { options } from "./arguments.ts";
import { describeOptions } from "./describe-options.ts";

/** Text of `gloam --help`. */
export function helpText(): string {
  const rows = Object.entries(options).map(([name, { value, meaning }]) => [`${name} ${value}`, meaning] as const);
  rows.push(["--conf KEY=VALUE", "any key of the configuration reference; repeatable"]);
  return `Usage: gloam run [OPTIONS] SCRIPT [ARGUMENTS]
       gloam mesos up | install
       gloam --help | --version

Runs a TypeScript or JavaScript file as an ES module. The file makes its own context: new GloamContext().

${describeOptions(rows)}

Options may also stand behind the script; what stands behind -- is the script's alone.
gloam mesos runs a real Apache Mesos on this machine; see gloam mesos --help.
`;
}
