import { readdirSync, readFileSync } from "node:fs";

/** Ids of the living processes that this one has started and whose command line has `word` in it. Needs `/proc`. */
export function childProcesses(word: string): number[] {
  return readdirSync("/proc").flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid)) return [];
    try {
      // After the name in parentheses, which may hold anything: state and parent.
      const [state, parent] = readFileSync(`/proc/${pid}/stat`, "latin1")
        .replace(/^.*\) /s, "")
        .split(" ");
      const isOurs = Number(parent) === process.pid && state !== "Z";
      return isOurs && readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(word) ? [pid] : [];
    } catch {
      // It has ended in between.
      return [];
    }
  });
}

/** Whether a process is there that has not ended: one that nobody has asked about its end is none. Needs `/proc`. */
export function isAlive(pid: number): boolean {
  try {
    return !/^.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

/** Threads of this process. Needs `/proc`. */
export function threads(): number {
  return readdirSync("/proc/self/task").length;
}

/** Open sockets of this process. Needs `/proc`. */
export function sockets(): number {
  return process.getActiveResourcesInfo().filter((name) => /TCP|Pipe/.test(name)).length;
}
