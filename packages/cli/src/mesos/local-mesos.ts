import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, statSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GloamError } from "@gloam/common";
import type { AgentFlags } from "./agent-flags.ts";
import { awaitAgents } from "./await-agents.ts";
import { complaints } from "./complaints.ts";
import type { MesosInstallation } from "./install-mesos.ts";
import { pythonProgram } from "./package-files.ts";
import { probeMaster } from "./probe-master.ts";

/** What a cluster is made of. */
interface Parts {
  readonly installation: MesosInstallation;
  readonly port: number;
  readonly workDirectory: string;
  /** Whether the work directory is removed in the end. */
  readonly isTemporary: boolean;
  readonly agents: AgentFlags;
  readonly environment: Readonly<Record<string, string>>;
  /** Header by which the master shows its state, where it asks for one. */
  readonly authorization: string | undefined;
}

/** A Mesos master and agents that run in a child process; made by `startMesos`. */
export class LocalMesos implements AsyncDisposable {
  /** Port of the master, and of the agents, on 127.0.0.1. */
  readonly port: number;
  /** What to give as `--master`: `mesos://127.0.0.1:5050`. */
  readonly url: string;
  readonly workDirectory: string;
  /** File that master and agents write their log to. */
  readonly log: string;
  readonly #parts: Parts;
  #process: ChildProcess | undefined;
  #registered = 0;

  /** @internal */
  constructor(parts: Parts) {
    this.#parts = parts;
    this.port = parts.port;
    this.url = `mesos://127.0.0.1:${parts.port}`;
    this.workDirectory = parts.workDirectory;
    this.log = join(parts.workDirectory, "mesos.log");
  }

  /** Id of the process of master and agents, while there is one. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** How many agents had registered when it was started last. */
  get agents(): number {
    return this.#registered;
  }

  /**
   * Starts master and agents again after `kill()`: they go on with what they had written down, and with executors that are
   * still there.
   *
   * @throws GloamError `GLOAM_MESOS_START_FAILED`.
   */
  async start(): Promise<void> {
    if (this.#process !== undefined && !hasExited(this.#process)) return;
    const { installation, workDirectory, agents, environment, port, authorization } = this.#parts;
    const before = statSync(this.log, { throwIfNoEntry: false })?.size ?? 0;
    const log = openSync(this.log, "a");
    const parameters = [installation.directory, workDirectory, JSON.stringify(agents), ...this.#howToEnd()];
    const child = spawn(installation.python, [pythonProgram("run_cluster"), ...parameters], {
      // A pipe that ends with this process. In a session of its own, so that Ctrl-C reaches this process alone.
      stdio: ["pipe", log, log],
      detached: true,
      cwd: workDirectory,
      env: environment,
    });
    closeSync(log);
    // Whoever forgets to stop the cluster ends all the same, and with it the pipe, and with that the cluster.
    child.unref();
    const lifeline = child.stdin as Socket;
    lifeline.unref();
    lifeline.on("error", () => {});
    let failure: Error | undefined;
    child.once("error", (error) => {
      failure = error;
    });
    this.#process = child;
    const hasEnded = () => failure !== undefined || hasExited(child);
    const registered = await awaitAgents({
      agents: agents.count,
      probe: () => probeMaster(port, authorization),
      hasEnded,
      sleep: (milliseconds) => sleep(milliseconds),
    });
    if (registered === undefined || hasEnded()) throw this.#startFailed(before, failure);
    this.#registered = registered;
  }

  /** Resolves when the process of master and agents has ended, by whatever cause. */
  async ended(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.pid === undefined || hasExited(child)) return;
    child.ref();
    await once(child, "exit");
  }

  /** Ends master and agents with SIGKILL. Executors live on, and `start()` restarts the cluster. */
  async kill(): Promise<void> {
    this.#process?.kill("SIGKILL");
    await this.ended();
    this.#process = undefined;
  }

  /** Ends master, agents and executors, and removes a temporary work directory. */
  async stop(): Promise<void> {
    await this.kill();
    const { installation, workDirectory } = this.#parts;
    const sweeper = [pythonProgram("end_containers"), workDirectory, ...this.#howToEnd()];
    await once(spawn(installation.python, sweeper, { stdio: "ignore" }), "exit");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #howToEnd(): string[] {
    return this.#parts.isTemporary ? ["--temporary"] : [];
  }

  #startFailed(before: number, cause: Error | undefined): GloamError {
    const said = complaints(readFileSync(this.log).subarray(before).toString()).join("\n");
    const how = cause === undefined ? "Mesos ended" : cause.message;
    const what = this.#process !== undefined && !hasExited(this.#process) ? "Mesos does not answer" : how;
    return new GloamError("GLOAM_MESOS_START_FAILED", `${what}\n${said}`, { cause });
  }
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
