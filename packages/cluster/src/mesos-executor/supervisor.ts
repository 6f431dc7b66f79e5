import { isGloamError, type Timers } from "@gloam/common";
import type { ExecutorClient, ExecutorEvent, TaskInfo } from "@gloam/mesos";
import { decodeLaunchSettings, type LaunchSettings } from "@gloam/protocol";
import { join } from "node:path";
import { describeEnd, isMemoryDeath, type ProcessEnd } from "../remote/fleet.ts";
import { encodeProcessEnd } from "../mesos/process-end-data.ts";
import type { ExecutorChild } from "../process/run-executor.ts";
import type { StartChild } from "./executor-child.ts";

/** Milliseconds between asking a process to go and ending it, where nobody says how long. */
const defaultGrace = 5000;
/** Milliseconds without a process after which there is nothing left to do: the driver has no more, or is gone. */
const idlePatience = 10_000;

export interface SupervisorOptions {
  readonly client: Pick<ExecutorClient, "update">;
  readonly start: StartChild;
  readonly timers: Timers;
  /** Where temporary files of processes are, unless their settings say another place. */
  readonly sandbox: string;
  /** Milliseconds that processes may take when all have to end. */
  readonly shutdownGrace: number;
  /** There is nothing left to do. Called once, when no process runs. */
  readonly onEnd: () => void;
}

/** A Mesos task: a process with slots of its own. */
interface SupervisedTask {
  readonly child: ExecutorChild;
  /** It was told to go by the agent, or has taken too long to end with all others. */
  killed: boolean;
  cancelKill: () => void;
}

/**
 * The Mesos executor of one application on one agent. Each of its tasks is an executor process of Gloam: a task more adds slots to the
 * agent, a task less takes them away, and one that runs out of memory takes no other with it.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #tasks = new Map<string, SupervisedTask>();
  #isEnding = false;
  #ended = false;
  #cancelIdle: () => void = () => undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#waitForWork();
  }

  /** What the agent says. */
  receive(event: ExecutorEvent): void {
    switch (event.type) {
      case "LAUNCH":
        return this.#launch(event.launch.task);
      case "LAUNCH_GROUP":
        return event.launch_group.task_group.tasks?.forEach((task) => this.#launch(task));
      case "KILL":
        return this.#kill(event.kill.task_id.value, graceOf(event.kill.kill_policy?.grace_period?.nanoseconds));
      case "SHUTDOWN":
        return this.end();
      default:
      // What else there is, is said to the driver's scheduler or is of no concern here.
    }
  }

  /** Ends all processes, and takes no more. */
  end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#cancelIdle();
    for (const { child } of this.#tasks.values()) child.finish();
    this.#options.timers.after(this.#options.shutdownGrace, () => {
      for (const task of this.#tasks.values()) {
        task.killed = true;
        task.child.kill();
      }
    });
    this.#endWhenIdle();
  }

  #launch(task: TaskInfo): void {
    const { client, start } = this.#options;
    const id = task.task_id.value;
    // An agent may tell of a task a second time.
    if (this.#tasks.has(id)) return;
    if (this.#isEnding) {
      client.update({ task_id: task.task_id, state: "TASK_FAILED", message: "the executor ends" });
      return;
    }
    let settings: LaunchSettings;
    try {
      settings = this.#settingsOf(task);
    } catch (error) {
      const message = isGloamError(error) ? error.message : "its settings cannot be read";
      client.update({ task_id: task.task_id, state: "TASK_FAILED", message });
      return;
    }
    this.#cancelIdle();
    const child = start(settings, (end) => this.#childEnded(id, end));
    this.#tasks.set(id, { child, killed: false, cancelKill: () => undefined });
    client.update({ task_id: task.task_id, state: "TASK_RUNNING" });
  }

  #settingsOf(task: TaskInfo): LaunchSettings {
    const settings = decodeLaunchSettings(Buffer.from(task.data ?? "", "base64").toString("utf8"));
    // A relative path is one in the sandbox, which the driver does not know.
    return { ...settings, scratchPath: join(this.#options.sandbox, settings.scratchPath) };
  }

  #kill(id: string, grace: number): void {
    const task = this.#tasks.get(id);
    if (task === undefined) return;
    const { client, timers } = this.#options;
    task.cancelKill();
    if (grace <= 0) {
      task.killed = true;
      task.child.kill();
      return;
    }
    // Said twice to the process, it would end at once.
    if (!task.killed) {
      client.update({ task_id: { value: id }, state: "TASK_KILLING" });
      task.child.leave();
    }
    task.killed = true;
    task.cancelKill = timers.after(grace, () => task.child.kill());
  }

  #childEnded(id: string, end: ProcessEnd): void {
    const task = this.#tasks.get(id);
    if (task === undefined) return;
    task.cancelKill();
    this.#tasks.delete(id);
    this.#options.client.update({
      task_id: { value: id },
      state: task.killed ? "TASK_KILLED" : end.code === 0 ? "TASK_FINISHED" : "TASK_FAILED",
      message: task.killed ? "it was told to go" : describeEnd(end),
      data: encodeProcessEnd(end),
      ...(isMemoryDeath(end) && !task.killed ? { reason: "REASON_CONTAINER_LIMITATION_MEMORY" as const } : {}),
    });
    if (this.#isEnding) this.#endWhenIdle();
    else if (this.#tasks.size === 0) this.#waitForWork();
  }

  #waitForWork(): void {
    this.#cancelIdle = this.#options.timers.after(idlePatience, () => this.end());
  }

  #endWhenIdle(): void {
    if (this.#ended || this.#tasks.size > 0) return;
    this.#ended = true;
    this.#options.onEnd();
  }
}

function graceOf(nanoseconds: number | undefined): number {
  return nanoseconds === undefined ? defaultGrace : nanoseconds / 1e6;
}
