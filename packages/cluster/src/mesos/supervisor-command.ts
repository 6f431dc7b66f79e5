import type { CommandInfo, ContainerInfo } from "@gloam/mesos";
import { posix } from "node:path";
import { fetchArguments } from "./fetch-runtime.ts";

/** What the Mesos executor is, in an installation of Gloam. */
const entry = "node_modules/@gloam/cluster/dist/mesos-executor.js";

export interface SupervisorCommandOptions {
  readonly node: string;
  readonly environment: readonly (readonly [string, string])[];
  readonly uris: readonly string[];
  /** What it runs in, where that is no plain process. */
  readonly container?: ContainerInfo | undefined;
  /** Where Gloam is: a directory on agents, or what they fetch. */
  readonly runtime: { readonly home: string } | { readonly url: string; readonly sha256: string };
}

/** How an agent starts the Mesos executor. Without a shell: whatever agents have, and however arguments are written there. */
export function supervisorCommand({
  node,
  environment,
  uris,
  container,
  runtime,
}: SupervisorCommandOptions): CommandInfo {
  const parameters =
    "home" in runtime ? [posix.join(runtime.home, entry)] : fetchArguments(runtime.url, runtime.sha256, entry);
  const variables = environment.map(([name, value]) => ({ name, type: "VALUE" as const, value }));
  return {
    shell: false,
    value: node,
    // Docker's containerizer appends them to the command; to the other one, the first is what the process calls itself.
    arguments: container?.type === "DOCKER" ? parameters : [node, ...parameters],
    ...(uris.length > 0 && { uris: uris.map((value) => ({ value, cache: true })) }),
    ...(variables.length > 0 && { environment: { variables } }),
  };
}
