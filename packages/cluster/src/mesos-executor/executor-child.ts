import type { LaunchSettings } from "@gloam/protocol";
import type { ChildProcess } from "node:child_process";
import { runExecutor, type ExecutorChild } from "../process/run-executor.ts";
import type { ProcessEnd } from "../remote/fleet.ts";
import { spawnChild } from "./spawn-child.ts";

/** Starts an executor with these settings. `onEnd` is called once. */
export type StartChild = (settings: LaunchSettings, onEnd: (end: ProcessEnd) => void) => ExecutorChild;

/** Starts executors as processes of their own, which end with this one. The first is `spare`, a process that waits for its settings. */
export function childStarter(spare: ChildProcess, spawn: () => ChildProcess = spawnChild): StartChild {
  let waiting: ChildProcess | undefined = spare;
  spare.once("exit", () => (waiting = undefined));
  spare.on("error", () => (waiting = undefined));
  spare.stdin?.on("error", () => undefined);
  return (settings, onEnd) => {
    const child = waiting ?? spawn();
    waiting = undefined;
    return runExecutor(child, settings, onEnd);
  };
}
