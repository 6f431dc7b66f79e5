import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { childProcesses, sockets, threads } from "../child-processes.ts";

/** Command line of an executor. */
export const executorEntry = "executor/dist/process";

const scratch = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith(`gloam-${process.pid}-`));

/** What there is before a test, to be compared with what is there after it. */
export class Leftovers {
  readonly #before = { threads: threads(), sockets: sockets() };

  /** Fails where this process has more threads or sockets than before, executors, or files of them, and keeps them for ten seconds. */
  async expectNone(): Promise<void> {
    for (let wait = 0; wait < 100 && this.#left().length > 0; wait++) await sleep(100);
    const left = this.#left();
    if (left.length > 0) throw new Error(`left over: ${left.join(", ")}`);
  }

  #left(): string[] {
    const executors = childProcesses(executorEntry).map((pid) => `executor ${pid}`);
    const now = { threads: threads(), sockets: sockets() };
    const more = (["threads", "sockets"] as const).filter((name) => now[name] > this.#before[name]);
    return [...executors, ...more.map((name) => `${now[name] - this.#before[name]} ${name}`), ...scratch()];
  }
}
