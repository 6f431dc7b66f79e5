import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A process that becomes an executor as soon as it reads its settings from its standard input, and ends when that ends. */
export function spawnExecutor(): ChildProcess {
  return spawn(process.execPath, [fileURLToPath(import.meta.resolve("@gloam/executor/process"))], {
    stdio: ["pipe", "inherit", "inherit"],
    env: childEnvironment(process.env),
  });
}

/** What is meant for this process alone stays here: how it speaks to its agent, and its token. */
export function childEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isOwn = (name: string): boolean =>
    /^(?:NODE_OPTIONS|NODE_CHANNEL_FD)$|^(?:MESOS|LIBPROCESS)_(?!SANDBOX$|DIRECTORY$)/.test(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isOwn(name)));
}
