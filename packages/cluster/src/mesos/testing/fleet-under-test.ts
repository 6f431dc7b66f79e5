import type { Offer, SchedulerCall, TaskInfo, TaskState, TaskStatus } from "@gloam/mesos";
import type { LaunchSettings } from "@gloam/protocol";
import type { ProcessEnd } from "../../remote/fleet.ts";
import { VirtualTimers } from "../../remote/testing/virtual-timers.ts";
import { parseConstraints } from "../agent-constraints.ts";
import { MesosFleet, type MesosFleetOptions } from "../mesos-fleet.ts";
import { FakeSchedulerClient } from "./fake-scheduler-client.ts";

/** What a test says of the fleet; the rest goes without saying. */
export interface FleetWords extends Partial<Omit<MesosFleetOptions, "constraints">> {
  readonly constraints?: string;
}

/** Settings that are valid. */
export const settings: LaunchSettings = {
  executor: "executor",
  secret: Buffer.from("the secret").toString("base64"),
  driver: { host: "driver.example", port: 4040 },
  host: "agent.example",
  slots: 1,
  tasksPerWorker: 1,
  memoryBytes: 2 ** 30,
  memoryFraction: 0.6,
  storageFraction: 0.5,
  scratchPath: "scratch",
  freeze: false,
  sourceMaps: false,
  heartbeatInterval: 1000,
  driverLostTimeout: 10_000,
  decommissionTimeout: 5000,
};

/** A fleet with a master, a driver and time that are the test. Executors are of 1 cpu and 1 GiB, Mesos executors of 0.1 cpus and 64 MiB. */
export class FleetUnderTest {
  readonly timers = new VirtualTimers();
  /** The one that was made last. */
  client!: FakeSchedulerClient;
  clients = 0;
  readonly fleet: MesosFleet;
  /** Executors that were started, ended, asked to go. */
  readonly started: string[] = [];
  readonly exited: { readonly executor: string; readonly end: ProcessEnd }[] = [];
  readonly draining: { readonly executor: string; readonly within: number }[] = [];
  readonly failures: Error[] = [];
  readonly notices: string[] = [];
  readonly frameworks: string[] = [];
  removed = 0;

  constructor({ constraints = "", ...words }: FleetWords = {}) {
    this.fleet = new MesosFleet({
      executors: 1,
      clock: this.timers.clock,
      timers: this.timers,
      prefix: "p",
      connect: (observer) => {
        this.clients++;
        return (this.client = new FakeSchedulerClient(observer));
      },
      template: { name: "test", command: { shell: false, value: "node" }, killGrace: 30_000 },
      needs: { executor: { cpus: 1, mem: 1024 }, supervisor: { cpus: 0.1, mem: 64 } },
      constraints: parseConstraints(constraints),
      revocable: false,
      refusal: 120_000,
      settings: (executor, place) => ({ ...settings, ...place, executor }),
      notify: (message) => this.notices.push(message),
      onFramework: (id) => this.frameworks.push(id),
      onRemoved: () => this.removed++,
      ...words,
    });
    void this.fleet.start({
      onStart: (executor) => this.started.push(executor),
      onExit: (executor, end) => this.exited.push({ executor, end }),
      onDraining: (executor, within) => this.draining.push({ executor, within }),
      onFailure: (error) => this.failures.push(error),
    });
  }

  offer(...offers: readonly Offer[]): void {
    this.client.say({ type: "OFFERS", offers: { offers } });
  }

  /** Says what became of an executor's task, as its agent does. */
  update(executor: string, state: TaskState, more: Partial<TaskStatus> = {}): void {
    const task = this.tasks().find(({ task_id }) => task_id.value === `p-${executor}`);
    if (task === undefined) throw new Error(`no task was launched for ${executor}`);
    const { task_id, agent_id } = task;
    this.client.say({
      type: "UPDATE",
      update: { status: { task_id, agent_id, state, uuid: this.client.uuid(), ...more } },
    });
  }

  /** All tasks that a master was told to launch. */
  tasks(): readonly TaskInfo[] {
    return this.client.of("ACCEPT").flatMap(launchedBy);
  }

  /** Executors that were launched on an agent. */
  on(agent: string): readonly string[] {
    return this.tasks()
      .filter(({ agent_id }) => agent_id.value === agent)
      .map(({ task_id }) => task_id.value.slice("p-".length));
  }

  /** Offers that were accepted, with the executors that they were for. */
  get accepted(): readonly { readonly offer: string | undefined; readonly executors: readonly string[] }[] {
    return this.client.of("ACCEPT").map((call) => ({
      offer: call.accept.offer_ids?.[0]?.value,
      executors: launchedBy(call).map(({ task_id }) => task_id.value.slice("p-".length)),
    }));
  }

  /** Offers that were declined, with the seconds for which they are not wanted. */
  get declined(): readonly { readonly offers: readonly string[]; readonly seconds: number | undefined }[] {
    return this.client.of("DECLINE").map(({ decline }) => ({
      offers: (decline.offer_ids ?? []).map(({ value }) => value),
      seconds: decline.filters?.refuse_seconds,
    }));
  }

  /** Tasks that were to be killed. */
  get killed(): readonly string[] {
    return this.client.of("KILL").map(({ kill }) => kill.task_id.value);
  }
}

/** What an ACCEPT launches. */
export function launchedBy({ accept }: Extract<SchedulerCall, { readonly type: "ACCEPT" }>): readonly TaskInfo[] {
  return (accept.operations ?? []).flatMap((operation) =>
    operation.type === "LAUNCH" ? (operation.launch.task_infos ?? []) : [],
  );
}
