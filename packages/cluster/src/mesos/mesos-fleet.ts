import { GloamError, type Clock, type Timers } from "@gloam/common";
import {
  isTerminal,
  portsOf,
  Reconciliation,
  type ExecutorInfo,
  type InverseOffer,
  type Offer,
  type SchedulerCall,
  type SchedulerClient,
  type SchedulerEvent,
  type SchedulerObserver,
  type TaskStatus,
} from "@gloam/mesos";
import { describeEnd, type Fleet, type FleetObserver } from "../remote/fleet.ts";
import type { SettingsOf } from "../remote/launch-settings.ts";
import type { AgentConstraint } from "./agent-constraints.ts";
import { executorTask, hostOf, supervisorInfo, type ExecutorTemplate } from "./executor-template.ts";
import { acceptCall, acceptInverseCall, declineCall, killCall } from "./fleet-calls.ts";
import { FailingAgents } from "./failing-agents.ts";
import { InverseOffers, timeToLeave } from "./maintenance.ts";
import { MesosTasks, type MesosTask } from "./mesos-tasks.ts";
import { answerOffers, type RefusedOffer } from "./offer-answers.ts";
import type { PlacedOffer } from "./offer-placement.ts";
import type { ResourceNeeds } from "./resource-needs.ts";
import { Supervisors } from "./supervisors.ts";
import { endOf, isOwnFault, isWithoutSupervisor, mayRun } from "./task-end.ts";
import { WaitingNotice } from "./waiting-notice.ts";
import { WaitingReminder } from "./waiting-reminder.ts";

/** So many failed starts in a row, on whatever agents, and none is tried again. */
const mostFailures = 5;
/** Milliseconds for which an executor that has done nothing counts as starting. */
const startPatience = 60_000;
/** How long executors that have been told to end may take, in milliseconds. */
const stopPatience = 5000;
/** Milliseconds between questions about all tasks of the framework. */
const implicitEvery = 900_000;
/** Milliseconds for which what is left of an offer is not wanted while more executors are: none, it may be combined with what comes. */
const soon = 0;

export interface MesosFleetOptions {
  /** To begin with. */
  readonly executors: number;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Distinguishes the tasks of this driver from those of others that had the same framework. */
  readonly prefix: string;
  /** Makes a client that takes over the framework that is left, where there is one. */
  readonly connect: (observer: SchedulerObserver) => Pick<SchedulerClient, "start" | "call" | "stop" | "frameworkId">;
  readonly template: ExecutorTemplate;
  readonly needs: ResourceNeeds;
  readonly constraints: readonly AgentConstraint[];
  readonly revocable: boolean;
  /** Milliseconds for which offers that do not fit are not wanted. */
  readonly refusal: number;
  readonly settings: SettingsOf;
  /** Something that the user should know of while nothing happens. */
  readonly notify: (message: string) => void;
  /** The id under which the framework can be taken over. */
  readonly onFramework: (id: string) => void;
  /** There is nothing left to take over. */
  readonly onRemoved: () => void;
}

/** Executors from the offers of a Mesos master: each is a task of the application's Mesos executor on an agent. */
export class MesosFleet implements Fleet {
  readonly #options: MesosFleetOptions;
  #client: ReturnType<MesosFleetOptions["connect"]>;
  readonly #tasks = new MesosTasks();
  readonly #supervisors = new Supervisors();
  readonly #failing: FailingAgents;
  readonly #inverseOffers: InverseOffers;
  readonly #notice = new WaitingNotice();
  readonly #reminder: WaitingReminder;
  readonly #reconciliation: Reconciliation;
  #observer: FleetObserver | undefined;
  #wanted: number;
  #next = 1;
  /** Failed starts in a row. */
  #failures = 0;
  #isSubscribed = false;
  /** Whether the framework is of this driver: it has subscribed, or what another had left is no more. */
  #isOwn = false;
  /** Since the last subscription there was a failure, which the user has been told. */
  #isOutOfTouch = false;
  /** Whether the master makes offers; undefined where it does not know yet what is wanted. */
  #takesOffers: boolean | undefined;
  #stopped = false;
  #onEmpty: () => void = () => undefined;
  #cancelRevival: () => void = () => undefined;

  constructor(options: MesosFleetOptions) {
    this.#options = options;
    this.#wanted = options.executors;
    this.#failing = new FailingAgents(options.clock);
    this.#inverseOffers = new InverseOffers({ ...options, onNear: (offer) => this.#vacate(offer) });
    this.#reconciliation = new Reconciliation({
      timers: options.timers,
      implicitEvery,
      send: (tasks) => this.#call({ type: "RECONCILE", reconcile: { tasks } }),
    });
    const { needs, constraints, notify, timers } = options;
    this.#reminder = new WaitingReminder({
      ...{ timers, notify },
      isWaiting: () => this.#isSubscribed && this.#lacking > 0 && this.#tasks.size === 0,
      describe: () =>
        this.#notice.describe(needs.executor, { supervisor: needs.supervisor, isConstrained: constraints.length > 0 }),
    });
    this.#client = this.#connect();
  }

  start(observer: FleetObserver): Promise<void> {
    this.#observer = observer;
    this.#client.start();
    this.#reminder.start();
    return Promise.resolve();
  }

  worked(executor: string): void {
    const task = this.#tasks.named(executor);
    if (task === undefined || task.worked) return;
    task.worked = true;
    this.#failures = 0;
    this.#failing.worked(task.agent);
  }

  want(executors: number): void {
    this.#wanted = executors;
    this.#tell();
  }

  leaving(executor: string): void {
    const task = this.#tasks.named(executor);
    if (task === undefined || task.leaving) return;
    task.leaving = true;
    this.#tell();
  }

  end(executor: string): void {
    const task = this.#tasks.named(executor);
    if (task === undefined) return;
    // One that cannot be reached may never be heard of again: another takes its place at once.
    task.leaving = true;
    task.ended = true;
    this.#call(killCall(task));
    this.#forgetUnreachable(task);
    this.#tell();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#reminder.stop();
    this.#cancelRevival();
    if (this.#tasks.size > 0 && this.#isSubscribed) {
      // Those that have not connected hear of it from nobody else.
      for (const task of this.#tasks.all()) if (!task.worked) this.#call(killCall(task, 1000));
      let cancel: () => void = () => undefined;
      await new Promise<void>((resolve) => {
        this.#onEmpty = resolve;
        cancel = this.#options.timers.after(stopPatience, resolve);
      });
      cancel();
    }
    // A framework whose master is not there is left to it, or to the next driver.
    const isLeft = !this.#isSubscribed;
    await this.#client.stop({ teardown: true });
    // Until then, there may be a new subscription, or events may come.
    this.#inverseOffers.clear();
    this.#reconciliation.stop();
    if (!isLeft) this.#record(() => this.#options.onRemoved());
  }

  /** How many more executors there should be. */
  get #lacking(): number {
    return Math.max(0, this.#wanted - this.#tasks.staying);
  }

  #connect(): ReturnType<MesosFleetOptions["connect"]> {
    return this.#options.connect({
      onSubscribed: () => this.#subscribed(),
      onDisconnected: (reason) => this.#disconnected(reason),
      onEvent: (event) => this.#receive(event),
      onFailure: (error) => this.#fail(error),
    });
  }

  #subscribed(): void {
    this.#isSubscribed = true;
    this.#isOwn = true;
    this.#isOutOfTouch = false;
    const { frameworkId } = this.#client;
    if (frameworkId !== undefined) this.#record(() => this.#options.onFramework(frameworkId));
    this.#takesOffers = undefined;
    this.#inverseOffers.clear();
    this.#reconciliation.begin(
      this.#tasks.all().map(({ id, agent }) => ({ task_id: { value: id }, agent_id: { value: agent } })),
    );
    for (const task of this.#tasks.all()) if (task.ended) this.#call(killCall(task));
    this.#tell();
  }

  /** Keeps what the next driver has to know, or forgets it. That this is not possible hinders only that one. */
  #record(change: () => void): void {
    try {
      change();
    } catch (error) {
      const told = error instanceof Error ? error.message : String(error);
      this.#options.notify(`mesos.frameworkIdFile cannot be changed: ${told}`);
    }
  }

  #disconnected(reason: GloamError): void {
    this.#isSubscribed = false;
    if (this.#isOutOfTouch || this.#stopped) return;
    this.#isOutOfTouch = true;
    this.#options.notify(`no master takes the application, trying again: ${reason.message}`);
  }

  #fail(error: GloamError): void {
    this.#isSubscribed = false;
    if (!this.#stopped && !this.#isOwn && hasRemovedFramework(error)) {
      // The driver before came back too late: its id is of no more use, to nobody.
      this.#isOwn = true;
      this.#record(() => this.#options.onRemoved());
      this.#client = this.#connect();
      this.#client.start();
      return;
    }
    if (hasRemovedFramework(error)) this.#record(() => this.#options.onRemoved());
    if (!this.#stopped) this.#observer?.onFailure(error);
    this.#onEmpty();
  }

  #receive(event: SchedulerEvent): void {
    switch (event.type) {
      case "OFFERS":
        return this.#offered(event.offers.offers ?? []);
      case "UPDATE":
        return this.#update(event.update.status);
      case "FAILURE": {
        const { agent_id, executor_id } = event.failure;
        if (agent_id !== undefined) this.#supervisors.lost(agent_id.value, executor_id?.value);
        return;
      }
      case "INVERSE_OFFERS":
        event.inverse_offers.inverse_offers?.forEach((offer) => this.#inverseOffers.add(offer));
        return this.#acceptVacated();
      case "RESCIND_INVERSE_OFFER":
        return this.#inverseOffers.rescinded(event.rescind_inverse_offer.inverse_offer_id.value);
      default:
      // Offers are never held, so that one that is rescinded has been answered; nothing else concerns executors.
    }
  }

  #offered(offers: readonly Offer[]): void {
    const { needs, revocable, constraints, refusal, clock } = this.#options;
    const { accepted, refused } = answerOffers(offers, {
      ...{ needs, revocable, constraints, refusal },
      wanted: this.#stopped ? 0 : this.#lacking,
      now: clock.now(),
      tasks: this.#tasks,
      hasSupervisor: (offer) => this.#supervisors.of(offer) !== undefined,
      pauseOf: (agent) => this.#failing.pause(agent),
    });
    for (const each of accepted) this.#accept(each);
    const unneeded = refused.filter(({ reason }) => reason === undefined).map(({ offer }) => offer);
    if (unneeded.length > 0) this.#call(declineCall(unneeded, refusal));
    for (const each of refused) this.#refuse(each);
    this.#tell();
  }

  #refuse({ offer, reason, refusal }: RefusedOffer): void {
    if (reason === undefined) return;
    this.#notice.refused(offer, reason);
    this.#call(declineCall([offer], refusal));
    if (reason !== "failures") return;
    this.#cancelRevival();
    this.#cancelRevival = this.#options.timers.after(refusal, () => {
      this.#takesOffers = undefined;
      this.#tell();
    });
  }

  #accept({ offer, executors, supervisor }: PlacedOffer): void {
    const { template, settings, prefix, refusal } = this.#options;
    const info = this.#supervisorOf(offer, supervisor);
    const tasks: MesosTask[] = [];
    const taskInfos = executors.map(({ resources }) => {
      const executor = `executor-${this.#next++}`;
      const task = this.#tasks.add({ id: `${prefix}-${executor}`, executor, offer, now: this.#options.clock.now() });
      tasks.push(task);
      this.#observer?.onStart(executor);
      const [blockPort] = portsOf(resources);
      const place = { host: hostOf(offer), scratchPath: executor, blockPort };
      return executorTask(template, {
        id: task.id,
        offer,
        supervisor: info,
        resources,
        settings: settings(executor, place),
      });
    });
    this.#notice.taken();
    this.#call(acceptCall(offer, taskInfos, this.#lacking > 0 ? soon : refusal), (error) => {
      // Nothing was launched, or it is ended as soon as it says a word: the offer is void without its subscription.
      if (supervisor !== undefined) this.#supervisors.lost(offer.agent_id.value, info.executor_id.value);
      for (const task of tasks) {
        this.#gone(task, {
          code: undefined,
          signal: undefined,
          reason: `it could not be launched: ${error.message}`,
        });
      }
    });
  }

  #supervisorOf(offer: Offer, resources: PlacedOffer["supervisor"]): ExecutorInfo {
    const known = this.#supervisors.of(offer);
    if (known !== undefined) return known;
    const id = this.#supervisors.nextId(this.#options.prefix);
    const info = supervisorInfo(this.#options.template, { id, resources: resources ?? [] });
    this.#supervisors.add(offer, info);
    return info;
  }

  #update(status: TaskStatus): void {
    const { task_id, agent_id, uuid, state } = status;
    if (uuid !== undefined && agent_id !== undefined) {
      this.#call({ type: "ACKNOWLEDGE", acknowledge: { agent_id, task_id, uuid } });
    }
    this.#reconciliation.heard(task_id.value);
    const task = this.#tasks.withId(task_id.value);
    if (task === undefined) {
      // Of a driver before this one, or given up long ago.
      if (mayRun(state)) this.#call({ type: "KILL", kill: { task_id, ...(agent_id && { agent_id }) } });
      return;
    }
    if (!isTerminal(state)) {
      task.unreachable = state === "TASK_UNREACHABLE" || state === "TASK_UNKNOWN";
      // It could not be reached when it was given up.
      if (task.ended && mayRun(state)) this.#call(killCall(task));
      this.#forgetUnreachable(task);
      return;
    }
    const isFailedStart =
      isOwnFault(status) && !task.worked && !task.leaving && this.#options.clock.now() - task.since < startPatience;
    if (isWithoutSupervisor(state)) this.#supervisors.lost(task.agent);
    const isFailure = isFailedStart && this.#failing.failed(task.agent, task.since);
    this.#gone(task, endOf(status));
    if (isFailedStart) this.#notice.failed(describeEnd(endOf(status)));
    if (isFailure) this.#countFailure(status);
  }

  #countFailure(status: TaskStatus): void {
    this.#failures++;
    if (this.#failures < mostFailures || this.#stopped) return;
    // Where some work, what fails is their agents' fault, and these are left alone.
    if (this.#tasks.all().some(({ worked, leaving }) => worked && !leaving)) return;
    this.#wanted = 0;
    this.#tell();
    this.#observer?.onFailure(
      new GloamError("GLOAM_WORKER_LOST", `executors end as soon as they are started: ${describeEnd(endOf(status))}`, {
        hint: "stderr in their sandboxes on the agents says why: WORK_DIR/slaves/*/frameworks/*/executors/*/runs/latest",
      }),
    );
  }

  /** One that was given up, and may never be heard of again. Should it be, it is ended like any that is not known. */
  #forgetUnreachable(task: MesosTask): void {
    if (!task.ended || !task.unreachable) return;
    this.#gone(task, { code: undefined, signal: undefined, reason: "its agent is lost" });
  }

  #gone(task: MesosTask, end: Parameters<FleetObserver["onExit"]>[1]): void {
    this.#tasks.remove(task);
    this.#acceptVacated();
    if (this.#stopped) {
      if (this.#tasks.size === 0) this.#onEmpty();
      return;
    }
    this.#observer?.onExit(task.executor, end);
    this.#tell();
  }

  #vacate(offer: InverseOffer): void {
    const { agent_id } = offer;
    const within = timeToLeave(offer, this.#options.clock.now());
    for (const { executor, agent } of this.#tasks.all()) {
      if (agent_id === undefined || agent_id.value === agent) this.#observer?.onDraining(executor, within);
    }
  }

  #acceptVacated(): void {
    const vacated = this.#inverseOffers.takeVacated((agent) =>
      agent === undefined ? this.#tasks.size === 0 : this.#tasks.on(agent).length === 0,
    );
    if (vacated.length > 0) this.#call(acceptInverseCall(vacated));
  }

  /** Tells the master whether offers are wanted, where it does not know. */
  #tell(): void {
    const wants = this.#lacking > 0 && !this.#stopped;
    if (!this.#isSubscribed || this.#takesOffers === wants) return;
    this.#takesOffers = wants;
    this.#call(wants ? { type: "REVIVE" } : { type: "SUPPRESS" });
  }

  #call(call: SchedulerCall, onFailed: (error: Error) => void = () => undefined): void {
    this.#client
      .call(call)
      .catch((error: unknown) => onFailed(error instanceof Error ? error : new Error(String(error))));
  }
}

/** Whether a master has ended the framework that was to be taken over: after its failover timeout, or by an operator. */
function hasRemovedFramework({ code, message }: GloamError): boolean {
  return code === "GLOAM_MESOS_ERROR" && message.includes("Framework has been removed");
}
