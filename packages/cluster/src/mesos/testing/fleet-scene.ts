import type { GloamError } from "@gloam/common";
import type { Offer, SchedulerCall, SchedulerObserver, TaskInfo, TaskStatus } from "@gloam/mesos";
import type { LaunchSettings } from "@gloam/protocol";
import type { FleetObserver } from "../../remote/fleet.ts";
import { VirtualTimers } from "../../remote/testing/virtual-timers.ts";
import { MesosFleet, type MesosFleetOptions } from "../mesos-fleet.ts";

/** A fleet whose master is the test. */
export class FleetScene {
  readonly timers = new VirtualTimers();
  readonly calls: SchedulerCall[] = [];
  readonly told: string[] = [];
  readonly failures: Error[] = [];
  readonly fleet: MesosFleet;
  /** Answers calls: throws for one that fails. */
  answer: (call: SchedulerCall) => void = () => undefined;
  clients = 0;
  removed = 0;
  #observer!: SchedulerObserver;
  #offers = 0;

  constructor(options: Partial<MesosFleetOptions> = {}) {
    this.fleet = new MesosFleet({
      executors: 1,
      clock: this.timers.clock,
      timers: this.timers,
      prefix: "p",
      connect: (observer) => {
        this.#observer = observer;
        this.clients++;
        return {
          frameworkId: "f",
          start: () => undefined,
          stop: () => Promise.resolve(),
          call: (call) => {
            this.calls.push(call);
            return Promise.resolve().then(() => this.answer(call));
          },
        };
      },
      template: { name: "app", command: { value: "node" }, killGrace: 1000 },
      needs: { executor: { cpus: 1, mem: 100 }, supervisor: { cpus: 0.1, mem: 10 } },
      constraints: [],
      revocable: false,
      refusal: 120_000,
      settings: (executor) => ({ executor }) as LaunchSettings,
      notify: () => undefined,
      onFramework: () => undefined,
      onRemoved: () => this.removed++,
      ...options,
    });
    const observer: FleetObserver = {
      onStart: (executor) => this.told.push(`start ${executor}`),
      onExit: (executor) => this.told.push(`exit ${executor}`),
      onDraining: (executor, within) => this.told.push(`drain ${executor} ${within}`),
      onFailure: (error) => this.failures.push(error),
    };
    void this.fleet.start(observer);
  }

  subscribe(): this {
    this.#observer.onSubscribed({ framework_id: { value: "f" } });
    return this;
  }

  fail(error: GloamError): void {
    this.#observer.onFailure(error);
  }

  event(event: Parameters<SchedulerObserver["onEvent"]>[0]): void {
    this.#observer.onEvent(event);
  }

  /** Offers of agents with so many cpus. */
  offer(cpus: Readonly<Record<string, number>>, more: Partial<Offer> = {}): void {
    const offers = Object.entries(cpus).map(([agent, value]): Offer => ({
      id: { value: `offer-${++this.#offers}` },
      framework_id: { value: "f" },
      agent_id: { value: agent },
      hostname: agent,
      allocation_info: { role: "*" },
      resources: [
        { name: "cpus", type: "SCALAR", scalar: { value } },
        { name: "mem", type: "SCALAR", scalar: { value: 100_000 } },
      ],
      ...more,
    }));
    this.event({ type: "OFFERS", offers: { offers } });
  }

  /** What was launched, all in all. */
  get launched(): readonly TaskInfo[] {
    return this.calls.flatMap((call) =>
      call.type === "ACCEPT"
        ? (call.accept.operations ?? []).flatMap((operation) =>
            operation.type === "LAUNCH" ? (operation.launch.task_infos ?? []) : [],
          )
        : [],
    );
  }

  on(agent: string): readonly TaskInfo[] {
    return this.launched.filter(({ agent_id }) => agent_id.value === agent);
  }

  update({ task_id, agent_id }: TaskInfo, state: TaskStatus["state"], more: Partial<TaskStatus> = {}): void {
    this.event({ type: "UPDATE", update: { status: { task_id, agent_id, state, ...more } } });
  }

  of(type: SchedulerCall["type"]): readonly SchedulerCall[] {
    return this.calls.filter((call) => call.type === type);
  }
}
