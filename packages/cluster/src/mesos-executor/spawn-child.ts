import type { ChildProcess } from "node:child_process";
import { spawnExecutor } from "../process/spawn-executor.ts";

/** A process that becomes an executor, with what of the environment is meant for it. */
export function spawnChild(): ChildProcess {
  return spawnExecutor({ output: "inherit", environment: childEnvironment(process.env) });
}

/** How this process speaks to its agent stays here, with its token. */
export function childEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isOwn = (name: string): boolean =>
    /^(?:NODE_OPTIONS|NODE_CHANNEL_FD)$|^(?:MESOS|LIBPROCESS)_(?!SANDBOX$|DIRECTORY$)/.test(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isOwn(name)));
}
