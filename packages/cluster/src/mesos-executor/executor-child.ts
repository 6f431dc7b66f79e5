import { encodeLaunchSettings, type LaunchSettings } from "@gloam/protocol";
import type { ChildProcess } from "node:child_process";
import type { ProcessEnd } from "../remote/fleet.ts";
import { removeFiles } from "../remote/remove-files.ts";
import { spawnExecutor } from "./spawn-executor.ts";

/** An executor's process. */
export interface ExecutorChild {
  /** Asks it to go: its blocks move away before it ends. */
  leave(): void;
  /** Nothing more comes: it ends at once, and removes its files. */
  finish(): void;
  /** Ends it without a word. */
  kill(): void;
}

/** Starts an executor with these settings. `onEnd` is called once. */
export type StartChild = (settings: LaunchSettings, onEnd: (end: ProcessEnd) => void) => ExecutorChild;

/** Starts executors as processes of their own, which end with this one. The first is `spare`, a process that waits for its settings. */
export function childStarter(spare: ChildProcess, spawn: () => ChildProcess = spawnExecutor): StartChild {
  let waiting: ChildProcess | undefined = spare;
  spare.once("exit", () => (waiting = undefined));
  spare.on("error", () => (waiting = undefined));
  spare.stdin?.on("error", () => undefined);
  return (settings, onEnd) => {
    const child = waiting ?? spawn();
    waiting = undefined;
    let ended = false;
    const end = (how: ProcessEnd): void => {
      if (ended) return;
      ended = true;
      removeFiles(settings.scratchPath);
      onEnd(how);
    };
    child.on("exit", (code, signal) => end({ code: code ?? undefined, signal: signal ?? undefined }));
    child.on("error", () => end({ code: 127, signal: undefined }));
    child.stdin?.on("error", () => undefined);
    child.stdin?.write(encodeLaunchSettings(settings));
    return {
      leave: () => void child.kill("SIGTERM"),
      finish: () => child.stdin?.end(),
      kill: () => void child.kill("SIGKILL"),
    };
  };
}
