import { randomUUID } from "node:crypto";
import { GloamError, systemClock, systemTimers, type Clock, type Random, type Timers } from "@gloam/common";
import { describeAnswer, type Answer } from "../http/answer.ts";
import { BackOff } from "../http/back-off.ts";
import { deliver } from "../http/deliver.ts";
import { holdProcess } from "../http/hold-process.ts";
import { Subscription, type SubscriptionEnd } from "../http/subscription.ts";
import { callHeaders, type TlsOptions } from "../http/transport.ts";
import type { ExecutorCall, ExecutorEvent, ExecutorEventSubscribed } from "../messages/executor.ts";
import type { TaskStatus } from "../messages/mesos.ts";
import { readEvent } from "../messages/read-event.ts";
import type { ExecutorEnvironment } from "./executor-environment.ts";
import { Unacknowledged } from "./unacknowledged.ts";

export interface ExecutorClientOptions {
  /** From `executorEnvironment(process.env)`. */
  readonly environment: ExecutorEnvironment;
  readonly tls?: TlsOptions | undefined;
  readonly timers?: Timers | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: Pick<Random, "next"> | undefined;
  /** The 16 bytes of an update's uuid, which agents check for a version; random ones of version 4 when left out. */
  readonly createUuid?: (() => Uint8Array) | undefined;
}

/** What an executor is told. Nothing after `onEnd` but events while it shuts down, and nothing after `stop` has resolved. */
export interface ExecutorObserver {
  /** There is a subscription, the first or again. */
  onSubscribed(event: ExecutorEventSubscribed): void;
  /** LAUNCH, LAUNCH_GROUP, KILL, MESSAGE, SHUTDOWN and ERROR. */
  onEvent(event: ExecutorEvent): void;
  /**
   * The executor shall end its tasks, tell so, `stop` and exit. Without a reason after SHUTDOWN, where it has the grace period
   * for that; else the agent is gone for good (GLOAM_MESOS_UNREACHABLE: it does not checkpoint, or did not come back within
   * the recovery timeout), or refuses the executor (GLOAM_MESOS_UNAUTHORIZED, GLOAM_MESOS_ERROR).
   */
  onEnd(reason: GloamError | undefined): void;
}

/** What an executor says of a task; the rest of the status is added. */
export type ExecutorTaskStatus = Omit<TaskStatus, "uuid" | "source" | "executor_id" | "timestamp" | "agent_id">;

/** Between attempts to subscribe, the first time, in milliseconds. */
const firstDelay = 250;

/** How long an executor that does not checkpoint tries to subscribe for the first time; agents wait for one minute. */
const registrationPatience = 60_000;

/** Agents and executors send each other one so often, so that nothing between them forgets the connection. In milliseconds. */
const heartbeatInterval = 30 * 60_000;

/** How long `stop` waits for the acknowledgement of terminal updates, in milliseconds. */
const acknowledgementTimeout = 5000;

/**
 * A custom executor's side of the executor API: subscribes with its agent and, when the agent is restarted, again; keeps
 * updates and tells them at each subscription until they are acknowledged.
 *
 * @example
 * const client = new ExecutorClient({ environment: executorEnvironment(process.env) }, observer);
 * client.start();
 * client.update({ task_id: task.task_id, state: "TASK_RUNNING" });
 */
export class ExecutorClient {
  readonly #options: ExecutorClientOptions;
  readonly #observer: ExecutorObserver;
  readonly #timers: Timers;
  readonly #clock: Clock;
  readonly #createUuid: () => Uint8Array;
  readonly #backOff: BackOff;
  readonly #unacknowledged = new Unacknowledged();
  #state: "new" | "started" | "ending" | "over" = "new";
  #subscription: Subscription<ExecutorEvent> | undefined;
  #isSubscribed = false;
  #lastReason: GloamError | undefined;
  #cancelRetry = (): void => {};
  #cancelPatience: (() => void) | undefined;
  #cancelHeartbeat = (): void => {};
  #releaseProcess = (): void => {};
  #onAcknowledged = (): void => {};

  constructor(options: ExecutorClientOptions, observer: ExecutorObserver) {
    const { random = { next: Math.random }, environment } = options;
    this.#options = options;
    this.#observer = observer;
    this.#timers = options.timers ?? systemTimers;
    this.#clock = options.clock ?? systemClock;
    this.#createUuid = options.createUuid ?? randomUuidBytes;
    const most = environment.subscriptionBackOffMost;
    this.#backOff = new BackOff({ first: firstDelay, most, random: () => random.next() });
  }

  /** Subscribes, and again whenever the subscription is lost while the agent may come back. May be called once. */
  start(): void {
    if (this.#state !== "new")
      throw new GloamError("GLOAM_ARGUMENT_INVALID", "this executor client was started before");
    this.#state = "started";
    this.#releaseProcess = holdProcess();
    this.#awaitSubscription();
    this.#attempt();
  }

  /** Tells what has become of a task. It is kept, and told at each subscription, until the agent has acknowledged it. */
  update(status: ExecutorTaskStatus): void {
    const uuid = Buffer.from(this.#createUuid()).toString("base64");
    const whole: TaskStatus = {
      ...status,
      uuid,
      source: "SOURCE_EXECUTOR",
      executor_id: { value: this.#options.environment.executorId },
      timestamp: this.#clock.now() / 1000,
    };
    this.#unacknowledged.updated(uuid, whole);
    this.#send({ type: "UPDATE", update: { status: whole } });
  }

  /** Sends bytes to the scheduler. Mesos promises nothing of them: they are lost where there is no subscription. */
  message(data: Uint8Array): void {
    this.#send({ type: "MESSAGE", message: { data: Buffer.from(data).toString("base64") } });
  }

  /**
   * Ends the subscription, after up to five seconds for the agent to acknowledge the ends of tasks. Afterwards no socket or
   * timer is left.
   */
  async stop(): Promise<void> {
    if (this.#state !== "over" && this.#isSubscribed && this.#unacknowledged.hasTerminal) {
      this.#state = "ending";
      await new Promise<void>((resolve) => {
        const cancel = this.#timers.after(acknowledgementTimeout, resolve);
        this.#onAcknowledged = () => {
          if (this.#isSubscribed && this.#unacknowledged.hasTerminal) return;
          cancel();
          resolve();
        };
      });
    }
    const subscription = this.#subscription;
    this.#finish();
    await subscription?.close();
  }

  #attempt(): void {
    const { environment, tls } = this.#options;
    const { agentOrigin, agentPath, domainSocket, authenticationToken: token } = environment;
    const subscription = new Subscription<ExecutorEvent>(
      {
        target: { origin: agentOrigin, path: agentPath, socketPath: domainSocket, tls },
        headers: callHeaders(token === undefined ? undefined : `Bearer ${token}`),
        call: this.#identified({
          type: "SUBSCRIBE",
          subscribe: {
            unacknowledged_tasks: this.#unacknowledged.tasks,
            unacknowledged_updates: this.#unacknowledged.updates,
          },
        }),
        read: (record) => readEvent("ExecutorEvent", record),
        timers: this.#timers,
      },
      { onEvent: (event) => this.#take(event, subscription), onEnd: (end) => this.#lose(end) },
    );
    this.#subscription = subscription;
  }

  #take(event: ExecutorEvent, subscription: Subscription<ExecutorEvent>): void {
    if (event.type === "SUBSCRIBED") {
      this.#isSubscribed = true;
      this.#cancelPatience?.();
      this.#cancelPatience = undefined;
      this.#backOff.reset();
      this.#awaitHeartbeat();
      if (this.#state === "started") this.#observer.onSubscribed(event.subscribed);
      return;
    }
    if (!this.#isSubscribed) {
      subscription.fail(new GloamError("GLOAM_MESOS_PROTOCOL", `${event.type} came before SUBSCRIBED`));
      return;
    }
    if (event.type === "HEARTBEAT") return;
    if (event.type === "ACKNOWLEDGED") {
      this.#unacknowledged.acknowledged(event.acknowledged.task_id.value, event.acknowledged.uuid);
      this.#onAcknowledged();
      return;
    }
    if (event.type === "LAUNCH") this.#unacknowledged.launched(event.launch.task);
    if (event.type === "LAUNCH_GROUP")
      event.launch_group.task_group.tasks?.forEach((task) => this.#unacknowledged.launched(task));
    this.#observer.onEvent(event);
    if (event.type === "SHUTDOWN") this.#end(undefined);
  }

  #lose(end: SubscriptionEnd): void {
    const wasSubscribed = this.#isSubscribed;
    this.#isSubscribed = false;
    this.#subscription = undefined;
    this.#cancelHeartbeat();
    this.#onAcknowledged();
    if (this.#state !== "started") return;
    const reason = end.kind === "lost" ? end.reason : this.#refusal("SUBSCRIBE", end.answer);
    this.#lastReason = reason;
    if (reason.code === "GLOAM_MESOS_UNAUTHORIZED" || reason.code === "GLOAM_MESOS_ERROR") {
      this.#end(reason);
    } else if (wasSubscribed && !this.#options.environment.checkpoint) {
      this.#end(new GloamError("GLOAM_MESOS_UNREACHABLE", `the agent is gone: ${reason.message}`, { cause: reason }));
    } else {
      this.#awaitSubscription();
      this.#cancelRetry = this.#timers.after(this.#backOff.next(), () => this.#attempt());
    }
  }

  #awaitSubscription(): void {
    const { checkpoint, recoveryTimeout } = this.#options.environment;
    const patience = checkpoint ? recoveryTimeout : registrationPatience;
    this.#cancelPatience ??= this.#timers.after(patience, () => {
      const why = this.#lastReason === undefined ? "" : `: ${this.#lastReason.message}`;
      const message = `the agent did not take the executor within ${patience / 1000} s${why}`;
      this.#end(new GloamError("GLOAM_MESOS_UNREACHABLE", message, { cause: this.#lastReason }));
    });
  }

  #awaitHeartbeat(): void {
    this.#cancelHeartbeat = this.#timers.after(heartbeatInterval, () => {
      this.#send({ type: "HEARTBEAT" });
      this.#awaitHeartbeat();
    });
  }

  #send(call: ExecutorCall): void {
    if (this.#isSubscribed && this.#subscription !== undefined) void this.#sendOver(this.#subscription, call);
  }

  async #sendOver(subscription: Subscription<ExecutorEvent>, call: ExecutorCall): Promise<void> {
    // A connection that breaks ends the subscription by itself.
    const answer = await subscription.call(this.#identified(call)).catch(() => undefined);
    // Agents before 1.10 know no heartbeat.
    if (answer === undefined || answer.status === 202 || answer.status === 200 || call.type === "HEARTBEAT") return;
    // What is kept is told again with the next subscription.
    subscription.fail(this.#refusal(call.type, answer));
  }

  #identified(call: ExecutorCall): unknown {
    const { executorId, frameworkId } = this.#options.environment;
    return { executor_id: { value: executorId }, framework_id: { value: frameworkId }, ...call };
  }

  #refusal(call: string, answer: Answer): GloamError {
    const what = `the agent at ${this.#options.environment.agentOrigin} answered ${call} with ${describeAnswer(answer)}`;
    if (answer.status === 401) return new GloamError("GLOAM_MESOS_UNAUTHORIZED", what);
    return new GloamError(answer.status === 400 ? "GLOAM_MESOS_ERROR" : "GLOAM_MESOS_DISCONNECTED", what);
  }

  /** Tries no more; updates go out while there is a subscription. */
  #end(reason: GloamError | undefined): void {
    if (this.#state !== "started") return;
    this.#state = "ending";
    this.#cancelRetry();
    this.#cancelPatience?.();
    deliver(() => this.#observer.onEnd(reason));
  }

  #finish(): void {
    this.#state = "over";
    this.#isSubscribed = false;
    this.#subscription = undefined;
    this.#cancelRetry();
    this.#cancelPatience?.();
    this.#cancelHeartbeat();
    this.#releaseProcess();
  }
}

function randomUuidBytes(): Uint8Array {
  return Buffer.from(randomUUID().replaceAll("-", ""), "hex");
}
