import type { Random } from "@gloam/common";
import { childProcesses } from "../child-processes.ts";
import { executorEntry } from "./leftovers.ts";

/** Kills one of this process's executors every so many milliseconds, until it is stopped or has killed as many as it may. */
export class ExecutorKiller {
  readonly #timer: NodeJS.Timeout;
  #killed = 0;

  constructor(random: Random, interval: number, most = Infinity) {
    this.#timer = setInterval(() => {
      const pids = childProcesses(executorEntry);
      const pid = pids[random.nextInt(Math.max(1, pids.length))];
      if (pid === undefined || this.#killed >= most) return;
      process.kill(pid, "SIGKILL");
      this.#killed++;
    }, interval);
  }

  /** How many it has killed. */
  get killed(): number {
    return this.#killed;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
