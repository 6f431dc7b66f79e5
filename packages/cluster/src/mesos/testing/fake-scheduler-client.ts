import { GloamError } from "@gloam/common";
import { checkMessage, type SchedulerCall, type SchedulerClient, type SchedulerObserver } from "@gloam/mesos";

type Call<Type extends SchedulerCall["type"]> = Extract<SchedulerCall, { readonly type: Type }>;

/** A subscription whose master is the test. */
export class FakeSchedulerClient implements Pick<SchedulerClient, "start" | "call" | "stop" | "frameworkId"> {
  readonly calls: SchedulerCall[] = [];
  frameworkId: string | undefined;
  isStarted = false;
  /** Whether messages are held against the definitions of Mesos: unless time is measured. */
  isStrict = true;
  /** How it was stopped. */
  stopped: { readonly teardown?: boolean } | undefined;
  /** Why a call fails, where it does. */
  refusal: (call: SchedulerCall) => Error | undefined = () => undefined;
  /** Is told of each call that a master takes. */
  onCall: (call: SchedulerCall) => void = () => undefined;
  readonly #observer: SchedulerObserver;
  #isSubscribed = false;
  #uuids = 0;
  #seen = 0;

  constructor(observer: SchedulerObserver) {
    this.#observer = observer;
  }

  start(): void {
    this.isStarted = true;
  }

  call(call: SchedulerCall): Promise<void> {
    const sent = this.isStrict ? structuredClone(call) : call;
    if (this.isStrict) checkMessage("SchedulerCall", sent, { strict: true });
    const error = this.#isSubscribed
      ? this.refusal(sent)
      : new GloamError("GLOAM_MESOS_DISCONNECTED", `${call.type} was called without a subscription`);
    if (error !== undefined) return Promise.reject(error);
    this.calls.push(sent);
    this.onCall(sent);
    return Promise.resolve();
  }

  stop(options: { readonly teardown?: boolean } = {}): Promise<void> {
    this.stopped = options;
    this.#isSubscribed = false;
    return Promise.resolve();
  }

  subscribe(id = "framework-1"): void {
    this.frameworkId = id;
    this.#isSubscribed = true;
    this.#observer.onSubscribed({ framework_id: { value: id } });
  }

  disconnect(detail = "gone"): void {
    this.#isSubscribed = false;
    this.#observer.onDisconnected(new GloamError("GLOAM_MESOS_DISCONNECTED", detail));
  }

  fail(error: GloamError): void {
    this.#isSubscribed = false;
    this.#observer.onFailure(error);
  }

  /** The master says something. */
  say(event: Parameters<SchedulerObserver["onEvent"]>[0]): void {
    if (this.isStrict) checkMessage("SchedulerEvent", structuredClone(event), { strict: true });
    this.#observer.onEvent(event);
  }

  /** A uuid that no update has had. */
  uuid(): string {
    return Buffer.from(String(++this.#uuids).padStart(16, "0")).toString("base64");
  }

  /** Calls of a type so far. */
  of<Type extends SchedulerCall["type"]>(type: Type): readonly Call<Type>[] {
    return this.calls.filter((call): call is Call<Type> => call.type === type);
  }

  /** Types of the calls since this was asked last. */
  taken(): readonly SchedulerCall["type"][] {
    const types = this.calls.slice(this.#seen).map(({ type }) => type);
    this.#seen = this.calls.length;
    return types;
  }
}
