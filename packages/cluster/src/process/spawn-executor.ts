import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface SpawnOptions {
  /** Where its standard output and error go: with those of this process, or nowhere. */
  readonly output: "inherit" | "ignore";
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * A process that becomes an executor as soon as it reads its settings from its standard input, and ends when that ends. What of the
 * environment is meant for this process alone stays here.
 */
export function spawnExecutor({ output, environment }: SpawnOptions): ChildProcess {
  const { NODE_OPTIONS: _options, NODE_CHANNEL_FD: _channel, ...env } = environment;
  return spawn(process.execPath, [fileURLToPath(import.meta.resolve("@gloam/executor/process"))], {
    stdio: ["pipe", output, output],
    env,
  });
}
