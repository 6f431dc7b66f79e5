import { encodeLaunchSettings, type LaunchSettings } from "@gloam/protocol";
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ProcessEnd } from "../remote/fleet.ts";

/** An executor's process. */
export interface ExecutorChild {
  readonly pid: number | undefined;
  /** Asks it to go: its blocks move away before it ends. */
  leave(): void;
  /** Nothing more comes: it ends at once, and removes its files. */
  finish(): void;
  /** Ends it without a word. */
  kill(): void;
}

/** Starts an executor with these settings. `onEnd` is called once. */
export type StartChild = (settings: LaunchSettings, onEnd: (end: ProcessEnd) => void) => ExecutorChild;

/** Starts it as a process of its own, which ends with this one. */
export const startChild: StartChild = (settings, onEnd) => {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.resolve("@gloam/executor/process"))], {
    stdio: ["pipe", "inherit", "inherit"],
    env: childEnvironment(process.env),
  });
  let ended = false;
  const end = (how: ProcessEnd): void => {
    if (ended) return;
    ended = true;
    // One that was killed could not do that.
    rmSync(settings.scratchPath, { recursive: true, force: true });
    onEnd(how);
  };
  child.on("exit", (code, signal) => end({ code: code ?? undefined, signal: signal ?? undefined }));
  child.on("error", () => end({ code: 127, signal: undefined }));
  child.stdin.on("error", () => undefined);
  child.stdin.write(encodeLaunchSettings(settings));
  return {
    pid: child.pid,
    leave: () => void child.kill("SIGTERM"),
    finish: () => child.stdin.end(),
    kill: () => void child.kill("SIGKILL"),
  };
};

/** What is meant for this process alone stays here: how it speaks to its agent, and its token. */
export function childEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, NODE_CHANNEL_FD: _channel, ...rest } = environment;
  const own = Object.keys(rest).filter(
    (name) => /^(?:MESOS|LIBPROCESS)_/.test(name) && !/^MESOS_(?:SANDBOX|DIRECTORY)$/.test(name),
  );
  return Object.fromEntries(Object.entries(rest).filter(([name]) => !own.includes(name)));
}
