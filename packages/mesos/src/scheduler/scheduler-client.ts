import { GloamError, systemClock, systemTimers, type Clock, type Random, type Timers } from "@gloam/common";
import { describeAnswer, type Answer } from "../http/answer.ts";
import { BackOff } from "../http/back-off.ts";
import { deliver } from "../http/deliver.ts";
import { holdProcess } from "../http/hold-process.ts";
import { MasterList } from "../http/master-list.ts";
import { Subscription, type SubscriptionEnd } from "../http/subscription.ts";
import { basicAuthorization, callHeaders, type Credential, type TlsOptions } from "../http/transport.ts";
import type { FrameworkInfo } from "../messages/mesos.ts";
import { readEvent } from "../messages/read-event.ts";
import type {
  SchedulerCall,
  SchedulerEvent,
  SchedulerEventSubscribed,
  SchedulerOfferConstraints,
} from "../messages/scheduler.ts";

/** How a framework is registered, and where. */
export interface SchedulerClientOptions {
  /** `host:port`, or URLs with `http:` or `https:`. They are tried in turn, and the leader that one of them names. */
  readonly masters: readonly string[];
  /** With its `id` where a framework is taken back. `principal` is the credential's when left out. */
  readonly framework: FrameworkInfo;
  /** Agents that offers are wanted of, by role; masters check them since Mesos 1.11. */
  readonly offerConstraints?: SchedulerOfferConstraints | undefined;
  /** Roles that want no offers when a subscription begins. */
  readonly suppressedRoles?: readonly string[] | undefined;
  readonly credential?: Credential | undefined;
  readonly tls?: TlsOptions | undefined;
  /** Milliseconds without any subscription after which it gives up. */
  readonly connectPatience: number;
  /** The same once it was subscribed; `connectPatience` when left out. A master that fails over may take its time. */
  readonly reconnectPatience?: number | undefined;
  readonly timers?: Timers | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: Pick<Random, "next"> | undefined;
}

/** What a scheduler is told. Nothing after `onFailure`, and nothing after `stop` was called. */
export interface SchedulerObserver {
  /** There is a subscription, the first or again; `frameworkId` is known, and calls may be made. */
  onSubscribed(event: SchedulerEventSubscribed): void;
  /** The subscription was lost, or an attempt failed; the next follows. */
  onDisconnected(reason: GloamError): void;
  /** Everything but SUBSCRIBED, HEARTBEAT and ERROR. */
  onEvent(event: SchedulerEvent): void;
  /**
   * The end: GLOAM_MESOS_UNAUTHORIZED (at once, no retry), GLOAM_MESOS_ERROR (Mesos refuses the framework, removed it, or
   * another scheduler took it over), or GLOAM_MESOS_UNREACHABLE.
   */
  onFailure(error: GloamError): void;
}

const path = "/api/v1/scheduler";

/** Milliseconds before the second attempt, at most; and between later ones. */
const firstDelay = 500;
const mostDelay = 15_000;

/** A subscription that held for so many milliseconds was good: the next attempts begin anew. */
const steadyAfter = 15_000;

/** How long the answer to TEARDOWN is waited for, in milliseconds; and that to SUBSCRIBE before it. */
const teardownTimeout = 5000;
const subscribeTimeout = 2000;

/** The master's heartbeat interval where it names none, in seconds. */
const defaultHeartbeat = 15;

/**
 * A framework's scheduler: subscribes with the leading master and again whenever that is lost, passes events on, and sends
 * calls. It keeps no state of offers and tasks and acknowledges nothing by itself.
 *
 * @example
 * const client = new SchedulerClient({ masters: ["127.0.0.1:5050"], framework: { user: "me", name: "x" }, connectPatience: 60_000 }, observer);
 * client.start();
 */
export class SchedulerClient {
  readonly #options: SchedulerClientOptions;
  readonly #observer: SchedulerObserver;
  readonly #timers: Timers;
  readonly #clock: Clock;
  readonly #masters: MasterList;
  readonly #backOff: BackOff;
  readonly #headers: Record<string, string>;
  /** As it was given, or as UPDATE_FRAMEWORK left it. */
  #subscribe: Extract<SchedulerCall, { type: "SUBSCRIBE" }>["subscribe"];
  #frameworkId: string | undefined;
  #state: "new" | "started" | "over" = "new";
  #subscription: Subscription<SchedulerEvent> | undefined;
  /** When the current subscription began; undefined where there is none. */
  #subscribedSince: number | undefined;
  #wasSubscribed = false;
  #cancelRetry = (): void => {};
  #releaseProcess = (): void => {};
  /** An attempt to subscribe has been answered, or has failed. */
  #onAnswered = (): void => {};
  #cancelPatience: (() => void) | undefined;
  #lastReason: GloamError | undefined;

  /** @throws GLOAM_ARGUMENT_INVALID where a master's address cannot be read. */
  constructor(options: SchedulerClientOptions, observer: SchedulerObserver) {
    const { credential, framework, random = { next: Math.random } } = options;
    this.#options = options;
    this.#observer = observer;
    this.#timers = options.timers ?? systemTimers;
    this.#clock = options.clock ?? systemClock;
    this.#masters = new MasterList(options.masters);
    this.#backOff = new BackOff({ first: firstDelay, most: mostDelay, random: () => random.next() });
    this.#headers = callHeaders(credential && basicAuthorization(credential));
    this.#frameworkId = framework.id?.value;
    this.#subscribe = {
      framework_info: { ...(credential && { principal: credential.principal }), ...framework },
      ...(options.suppressedRoles && { suppressed_roles: options.suppressedRoles }),
      ...(options.offerConstraints && { offer_constraints: options.offerConstraints }),
    };
  }

  /** The framework's id: the given one, or, from the first subscription on, the one that the master gave. */
  get frameworkId(): string | undefined {
    return this.#frameworkId;
  }

  /** Subscribes, and again whenever the subscription is lost, until `stop`. May be called once. */
  start(): void {
    if (this.#state !== "new")
      throw new GloamError("GLOAM_ARGUMENT_INVALID", "this scheduler client was started before");
    this.#state = "started";
    this.#releaseProcess = holdProcess();
    this.#awaitSubscription();
    this.#attempt();
  }

  /**
   * Sends a call, after those that were made before; `framework_id` is added. Resolves when the master has taken it, which
   * does not say that it will work.
   *
   * @throws GLOAM_MESOS_DISCONNECTED where there is no subscription, or it is lost before the answer: the master may have
   *   taken the call or not. GLOAM_MESOS_ERROR where the master refuses it as not valid. GLOAM_MESOS_UNAUTHORIZED.
   */
  async call(call: SchedulerCall): Promise<void> {
    const subscription = this.#subscription;
    if (subscription === undefined || this.#subscribedSince === undefined)
      throw new GloamError("GLOAM_MESOS_DISCONNECTED", `${call.type} was called without a subscription`);
    const answer = await subscription.call({ framework_id: { value: this.#frameworkId }, ...call });
    if (answer.status === 202 || answer.status === 200) {
      if (call.type === "UPDATE_FRAMEWORK") this.#subscribe = call.update_framework;
      return;
    }
    const error = this.#refusal(call.type, answer);
    if (error.code === "GLOAM_MESOS_DISCONNECTED") subscription.fail(error);
    else if (error.code === "GLOAM_MESOS_UNAUTHORIZED") this.#fail(error);
    throw error;
  }

  /**
   * Ends the subscription. Without `teardown` the framework is left to its failover timeout; with it, and where there is a
   * subscription, the master is told to remove the framework and its tasks, and gets five seconds to answer. A subscription
   * that is under way is waited for, two seconds at most: the master would keep the framework. Afterwards no socket or timer is
   * left.
   */
  async stop(options: { readonly teardown?: boolean } = {}): Promise<void> {
    const subscription = this.#subscription;
    let isSubscribed = this.#subscribedSince !== undefined;
    this.#finish();
    if (options.teardown === true && !isSubscribed && subscription !== undefined) {
      await this.#within(subscribeTimeout, new Promise<void>((resolve) => (this.#onAnswered = resolve)));
      isSubscribed = this.#subscribedSince !== undefined;
    }
    if (options.teardown === true && isSubscribed && subscription !== undefined) {
      const teardown = subscription.call({ framework_id: { value: this.#frameworkId }, type: "TEARDOWN" });
      await this.#within(teardownTimeout, teardown);
    }
    await subscription?.close();
  }

  #attempt(): void {
    const origin = this.#masters.current;
    const framework = this.#subscribe.framework_info;
    const id = this.#frameworkId === undefined ? undefined : { value: this.#frameworkId };
    const subscription = new Subscription<SchedulerEvent>(
      {
        target: { origin, path, tls: this.#options.tls },
        headers: this.#headers,
        call: {
          type: "SUBSCRIBE",
          ...(id && { framework_id: id }),
          subscribe: { ...this.#subscribe, framework_info: { ...framework, ...(id && { id }) } },
        },
        read: (record) => readEvent("SchedulerEvent", record),
        timers: this.#timers,
      },
      {
        onEvent: (event) => this.#take(event, subscription),
        onEnd: (end) => this.#lose(end),
      },
    );
    this.#subscription = subscription;
  }

  #take(event: SchedulerEvent, subscription: Subscription<SchedulerEvent>): void {
    if (this.#state === "over") {
      if (event.type === "SUBSCRIBED") {
        this.#frameworkId = event.subscribed.framework_id.value;
        this.#subscribedSince = this.#clock.now();
      }
      this.#onAnswered();
      return;
    }
    if (event.type === "SUBSCRIBED") {
      const { framework_id: id, heartbeat_interval_seconds: seconds = defaultHeartbeat } = event.subscribed;
      this.#frameworkId = id.value;
      this.#subscribedSince = this.#clock.now();
      this.#wasSubscribed = true;
      this.#masters.succeeded();
      this.#cancelPatience?.();
      this.#cancelPatience = undefined;
      subscription.expectHeartbeats(seconds * 1000);
      this.#observer.onSubscribed(event.subscribed);
    } else if (event.type === "ERROR") {
      this.#fail(new GloamError("GLOAM_MESOS_ERROR", `Mesos ended the framework: ${event.error.message}`));
    } else if (this.#subscribedSince === undefined) {
      subscription.fail(new GloamError("GLOAM_MESOS_PROTOCOL", `${event.type} came before SUBSCRIBED`));
    } else if (event.type !== "HEARTBEAT") {
      this.#observer.onEvent(event);
    }
  }

  #lose(end: SubscriptionEnd): void {
    if (this.#state === "over") {
      this.#subscribedSince = undefined;
      this.#onAnswered();
      return;
    }
    if (this.#subscribedSince !== undefined && this.#clock.now() - this.#subscribedSince >= steadyAfter)
      this.#backOff.reset();
    this.#subscribedSince = undefined;
    this.#subscription = undefined;
    this.#awaitSubscription();
    const reason = end.kind === "lost" ? end.reason : this.#refusal("SUBSCRIBE", end.answer);
    if (reason.code === "GLOAM_MESOS_UNAUTHORIZED" || reason.code === "GLOAM_MESOS_ERROR") {
      this.#fail(reason);
      return;
    }
    const isRedirected = end.kind === "refused" && end.answer.status === 307;
    if (isRedirected && this.#masters.redirected(end.answer.location)) {
      this.#attempt();
      return;
    }
    if (!isRedirected) this.#masters.failed();
    this.#lastReason = reason;
    this.#cancelRetry = this.#timers.after(this.#backOff.next(), () => this.#attempt());
    this.#observer.onDisconnected(reason);
  }

  /** Gives up after a while, unless that is being waited for already. */
  #awaitSubscription(): void {
    const { connectPatience, reconnectPatience = connectPatience, masters } = this.#options;
    const patience = this.#wasSubscribed ? reconnectPatience : connectPatience;
    this.#cancelPatience ??= this.#timers.after(patience, () => {
      const why = this.#lastReason === undefined ? "" : `; the last attempt: ${this.#lastReason.message}`;
      const message = `no master of ${masters.join(", ")} took the framework within ${patience / 1000} s${why}`;
      this.#fail(new GloamError("GLOAM_MESOS_UNREACHABLE", message, { cause: this.#lastReason }));
    });
  }

  #refusal(call: string, answer: Answer): GloamError {
    const code = codeOf(answer.status);
    const { current } = this.#masters;
    if (code !== "GLOAM_MESOS_UNAUTHORIZED")
      return new GloamError(code, `${current} answered ${call} with ${describeAnswer(answer)}`);
    const { credential } = this.#options;
    const refused = credential ? `does not accept the secret of '${credential.principal}'` : "wants credentials";
    return new GloamError(code, `${current} ${refused}: ${describeAnswer(answer)}`);
  }

  #fail(error: GloamError): void {
    if (this.#state === "over") return;
    const subscription = this.#subscription;
    this.#subscription = undefined;
    this.#finish();
    void subscription?.close();
    deliver(() => this.#observer.onFailure(error));
  }

  #finish(): void {
    this.#state = "over";
    this.#subscribedSince = undefined;
    this.#cancelRetry();
    this.#cancelPatience?.();
    this.#releaseProcess();
  }

  async #within(milliseconds: number, work: Promise<unknown>): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.#timers.after(milliseconds, resolve);
      const settle = (): void => {
        cancel();
        resolve();
      };
      work.then(settle, settle);
    });
  }
}

/** What a status means: not subscribed or no leader may pass, another refusal of the master does not. */
function codeOf(status: number): "GLOAM_MESOS_UNAUTHORIZED" | "GLOAM_MESOS_ERROR" | "GLOAM_MESOS_DISCONNECTED" {
  if (status === 401) return "GLOAM_MESOS_UNAUTHORIZED";
  // 404: something else, or a master that is starting and has not installed its routes.
  return status >= 400 && status < 500 && status !== 403 && status !== 404
    ? "GLOAM_MESOS_ERROR"
    : "GLOAM_MESOS_DISCONNECTED";
}
