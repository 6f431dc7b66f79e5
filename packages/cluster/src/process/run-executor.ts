import { encodeLaunchSettings, type LaunchSettings } from "@gloam/protocol";
import type { ChildProcess } from "node:child_process";
import type { ProcessEnd } from "../remote/fleet.ts";
import { removeFiles } from "../remote/remove-files.ts";

/** An executor's process. */
export interface ExecutorChild {
  /** Asks it to go: its blocks move away before it ends. */
  leave(): void;
  /** Nothing more comes: it ends at once, and removes its files. */
  finish(): void;
  /** Ends it without a word; false where it has ended. */
  kill(): boolean;
}

/**
 * Makes an executor of a process that waits for its settings, and removes what it leaves when it could not do that itself. `onEnd` is
 * called once, also for a process that could not be started.
 */
export function runExecutor(
  child: ChildProcess,
  settings: LaunchSettings,
  onEnd: (end: ProcessEnd) => void,
): ExecutorChild {
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
    kill: () => child.kill("SIGKILL"),
  };
}
