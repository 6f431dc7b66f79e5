import { GloamError } from "@gloam/common";
import type { Offer, SchedulerCall, SchedulerObserver, TaskInfo, TaskStatus } from "@gloam/mesos";
import type { LaunchSettings } from "@gloam/protocol";
import { expect, test } from "vitest";
import type { FleetObserver } from "../remote/fleet.ts";
import { MesosFleet, type MesosFleetOptions } from "./mesos-fleet.ts";

/** A clock and timers that are moved by hand. */
class HandTime {
  #now = 0;
  readonly #timers = new Set<{ readonly at: number; readonly ring: () => void }>();

  now(): number {
    return this.#now;
  }

  after(delay: number, ring: () => void): () => void {
    const timer = { at: this.#now + delay, ring };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  get pending(): number {
    return this.#timers.size;
  }

  pass(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = next.at;
      next.ring();
    }
    this.#now = end;
  }
}

/** A fleet whose master is the test. */
class Scene {
  readonly time = new HandTime();
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
      clock: this.time,
      timers: this.time,
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
    const offers = Object.entries(cpus).map(
      ([agent, value]): Offer => ({
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
      }),
    );
    this.event({ type: "OFFERS", offers: { offers } });
  }

  /** What was launched, all in all. */
  get launched(): readonly TaskInfo[] {
    return this.calls.flatMap((call) =>
      call.type === "ACCEPT"
        ? (call.accept.operations ?? []).flatMap((operation) => operation.launch?.task_infos ?? [])
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

const removed = new GloamError("GLOAM_MESOS_ERROR", "Mesos ended the framework: Framework has been removed");

test("a framework that the master has removed is not taken over: another is registered", () => {
  const scene = new Scene();
  scene.fail(removed);
  expect(scene).toMatchObject({ clients: 2, removed: 1, failures: [] });
  scene.subscribe();
  scene.fail(removed);
  expect(scene).toMatchObject({ clients: 2, failures: [removed] });
});

test("a framework that is refused for other reasons can still be taken over", () => {
  const scene = new Scene();
  const refused = new GloamError("GLOAM_MESOS_ERROR", "Mesos ended the framework: Roles are not allowed");
  scene.fail(refused);
  expect(scene).toMatchObject({ clients: 1, removed: 0, failures: [refused] });
});
