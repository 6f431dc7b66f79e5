import type { LocalMesos } from "@gloam/cli/mesos";
import { OperatorClient, type OperatorCall } from "@gloam/mesos";
import { setTimeout as sleep } from "node:timers/promises";

interface TaskState {
  readonly name: string;
  readonly state: string;
  readonly slave_id: string;
}

interface FrameworkState {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  readonly tasks: readonly TaskState[];
  readonly completed_tasks: readonly TaskState[];
  readonly executors?: readonly { readonly executor_id: string }[];
}

interface MasterState {
  readonly slaves: readonly {
    readonly id: string;
    readonly active: boolean;
    readonly attributes: Readonly<Record<string, string | number>>;
    readonly used_resources: { readonly cpus: number; readonly mem: number };
  }[];
  readonly frameworks: readonly FrameworkState[];
  readonly completed_frameworks: readonly FrameworkState[];
}

/** Name of the framework that the local cluster runs to start itself. */
const own = "mesos-local";

/** A local cluster as its master sees it. */
export class MesosView {
  readonly #mesos: LocalMesos;

  constructor(mesos: LocalMesos) {
    this.#mesos = mesos;
  }

  /** Everything, as text too: what anybody may read. */
  async text(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.#mesos.port}/master/state`)).text();
  }

  async state(): Promise<MasterState> {
    return JSON.parse(await this.text()) as MasterState;
  }

  /** Those that are there. */
  async frameworks(): Promise<readonly FrameworkState[]> {
    return (await this.state()).frameworks.filter(({ name }) => !name.includes(own));
  }

  /** Every framework that was there, or is, by its id. */
  async known(): Promise<ReadonlySet<string>> {
    const { frameworks, completed_frameworks } = await this.state();
    return new Set(
      [...frameworks, ...completed_frameworks].filter(({ name }) => !name.includes(own)).map(({ id }) => id),
    );
  }

  /** Ids of the agents with a running executor. */
  async busyAgents(): Promise<readonly string[]> {
    const tasks = (await this.frameworks()).flatMap((framework) => framework.tasks);
    const running = tasks.filter(({ state }) => state === "TASK_RUNNING");
    return [...new Set(running.map(({ slave_id }) => slave_id))].toSorted();
  }

  /** Id of the agent that has an attribute of this value. */
  async agentWith(attribute: string, value: string | number): Promise<string | undefined> {
    return (await this.state()).slaves.find(({ attributes }) => attributes[attribute] === value)?.id;
  }

  /** What is left of applications: frameworks, tasks, executors, and cpus in use. */
  async left(): Promise<readonly string[]> {
    const { slaves } = await this.state();
    const frameworks = await this.frameworks();
    return [
      ...frameworks.map(({ id }) => `framework ${id}`),
      ...frameworks.flatMap(({ tasks }) => tasks.map(({ name }) => `task ${name}`)),
      ...slaves.filter(({ used_resources }) => used_resources.cpus > 0).map(({ id }) => `cpus of ${id}`),
    ];
  }

  /** How many inverse offers applications have accepted. */
  async acceptedInverseOffers(): Promise<number> {
    const { status } = await this.#operator().call({ type: "GET_MAINTENANCE_STATUS" });
    const statuses = (status.draining_machines ?? []).flatMap((machine) => machine.statuses ?? []);
    return statuses.filter((each) => each.status === "ACCEPT").length;
  }

  /** What an operator does. */
  async operate(call: OperatorCall): Promise<void> {
    await this.#operator().call(call);
  }

  #operator(): OperatorClient {
    return new OperatorClient({ address: `127.0.0.1:${this.#mesos.port}` });
  }
}

/** Waits until something is so, half a minute at most. */
export async function until(isSo: () => boolean | Promise<boolean>, what = "it"): Promise<void> {
  for (let wait = 0; wait < 600; wait++) {
    if (await isSo()) return;
    await sleep(50);
  }
  throw new Error(`${what} did not come true`);
}
