import { describeOptions } from "../describe-options.ts";
import { mesosOptions } from "./mesos-arguments.ts";

/** Text of `gloam mesos --help`. */
export function mesosHelpText(): string {
  const rows = Object.entries(mesosOptions).map(([name, { form, meaning }]) => [`${name} ${form}`, meaning] as const);
  return `Usage: gloam mesos up [OPTIONS]
       gloam mesos install

up runs a real Apache Mesos, a master and agents, on this machine until Ctrl-C; install only fetches it. It is kept in the
user's cache directory, or where GLOAM_MESOS_HOME says. For trying a cluster and for tests: there is no isolation.

${describeOptions(rows)}
`;
}
