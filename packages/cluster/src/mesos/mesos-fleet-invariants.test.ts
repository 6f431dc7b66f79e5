import { totalOf, type ExecutorInfo, type Offer, type SchedulerCall, type TaskState } from "@gloam/mesos";
import fc from "fast-check";
import { expect, test } from "vitest";
import { FleetUnderTest, launchedBy } from "./testing/fleet-under-test.ts";
import { offerOf } from "./testing/offers.ts";

const agents = ["a", "b"] as const;
const roles = ["*", "other"] as const;
const states = [
  "TASK_STAGING",
  "TASK_STARTING",
  "TASK_RUNNING",
  "TASK_KILLING",
  "TASK_UNREACHABLE",
  "TASK_UNKNOWN",
  "TASK_FINISHED",
  "TASK_FAILED",
  "TASK_KILLED",
  "TASK_ERROR",
  "TASK_LOST",
  "TASK_DROPPED",
  "TASK_GONE",
  "TASK_GONE_BY_OPERATOR",
] as const satisfies readonly TaskState[];
const endless = new Set<TaskState>(states.slice(0, 6));
const killable = new Set<TaskState>(["TASK_STAGING", "TASK_STARTING", "TASK_RUNNING"]);

const offerWords = fc.record({
  agent: fc.constantFrom(...agents),
  role: fc.constantFrom(...roles),
  cpus: fc.constantFrom(0.5, 1, 1, 1.1, 2.5, 8),
  mem: fc.constantFrom(512, 1024, 1088, 4096, 16_384),
});

/** What may happen, in any order. Numbers choose among the executors that have been started so far, whether they have ended or not. */
const happening = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("offers"), offers: fc.array(offerWords, { maxLength: 4 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("update"),
      executor: fc.nat(),
      state: fc.constantFrom(...states),
      hasUuid: fc.boolean(),
      times: fc.constantFrom(1, 1, 2),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("stranger"), state: fc.constantFrom(...states) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("rescind"), offer: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("failure"), agent: fc.constantFrom(...agents) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("inverseOffer"), agent: fc.constantFrom(...agents) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("disconnect") }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("subscribe") }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("refuseLaunches"), refuses: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("want"), executors: fc.nat(8) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("leaving"), executor: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("end"), executor: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("worked"), executor: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait"), milliseconds: fc.constantFrom(100, 5000, 60_000) }) },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** A master and a driver that only count. */
class Ledger {
  readonly story = new FleetUnderTest({ executors: 2 });
  readonly #unanswered = new Map<string, Offer>();
  readonly #answered: Offer[] = [];
  /** Mesos executors that were launched, by their ids. */
  readonly #supervisors = new Map<string, { readonly agent: string; readonly info: ExecutorInfo }>();
  /** Of these: those that are gone with their agents. */
  readonly #lost = new Set<string>();
  /** Uuids that came, and those that were acknowledged, as often as they were. */
  readonly #came: string[] = [];
  readonly #acknowledged: string[] = [];
  /** Executors that leave or were given up, and those that were given up. */
  readonly #going = new Set<string>();
  readonly #givenUp = new Set<string>();
  #killed: string[] = [];
  #isSubscribed = false;
  #takesOffers: boolean | undefined;
  #wanted = 2;

  constructor() {
    this.story.client.onCall = (call) => this.#check(call);
  }

  async happens(event: Happening): Promise<void> {
    const { story } = this;
    const staying = this.#staying;
    this.#killed = [];
    switch (event.kind) {
      case "offers":
        if (this.#isSubscribed) this.#offer(event.offers.map((words) => offerOf(words)));
        break;
      case "update":
        this.#update(event);
        break;
      case "stranger":
        if (this.#isSubscribed) this.#strangeUpdate(event.state);
        break;
      case "rescind": {
        const offer = this.#answered[event.offer % (this.#answered.length || 1)];
        if (this.#isSubscribed && offer !== undefined)
          story.client.say({ type: "RESCIND", rescind: { offer_id: offer.id } });
        break;
      }
      case "failure":
        if (this.#isSubscribed) this.#loseSupervisors(event.agent);
        break;
      case "inverseOffer":
        if (this.#isSubscribed) this.#vacate(event.agent);
        break;
      case "disconnect":
        this.#isSubscribed = false;
        story.client.disconnect();
        break;
      case "subscribe":
        this.#isSubscribed = true;
        this.#takesOffers = undefined;
        story.client.subscribe();
        break;
      case "refuseLaunches":
        story.client.refusal = ({ type }) => (event.refuses && type === "ACCEPT" ? new Error("no") : undefined);
        break;
      case "want":
        this.#wanted = event.executors;
        story.fleet.want(event.executors);
        break;
      case "wait":
        story.timers.advance(event.milliseconds);
        break;
      default: {
        const executor = story.started[event.executor % (story.started.length || 1)];
        if (executor === undefined) break;
        if (event.kind !== "worked") this.#going.add(executor);
        if (event.kind === "end") this.#givenUp.add(executor);
        story.fleet[event.kind](executor);
      }
    }
    await new Promise((resolve) => void setImmediate(resolve));
    if (story.failures.length > 0) this.#wanted = 0;
    this.#balance(staying);
  }

  #offer(offers: readonly Offer[]): void {
    for (const offer of offers) this.#unanswered.set(offer.id.value, offer);
    // Those that are refused below are answered as well, though the master does not say so.
    const { refusal } = this.story.client;
    this.story.client.refusal = (call) => {
      const error = refusal(call);
      if (error !== undefined && call.type === "ACCEPT") this.#answerAll(call);
      return error;
    };
    this.story.offer(...offers);
    this.story.client.refusal = refusal;
    expect([...this.#unanswered.keys()]).toEqual([]);
  }

  #update({ executor: chosen, state, hasUuid, times }: Extract<Happening, { readonly kind: "update" }>): void {
    const { client } = this.story;
    const tasks = this.story.tasks();
    const task = tasks[chosen % (tasks.length || 1)];
    if (task === undefined || !this.#isSubscribed) return;
    const id = task.task_id.value;
    const executor = id.slice("p-".length);
    const wasThere = !this.#hasEnded(executor);
    const { task_id, agent_id } = task;
    const uuid = client.uuid();
    for (let time = 0; time < times; time++) {
      if (hasUuid) this.#came.push(uuid);
      client.say({ type: "UPDATE", update: { status: { task_id, agent_id, state, ...(hasUuid && { uuid }) } } });
    }
    if (!endless.has(state)) {
      expect(this.story.exited.filter((exit) => exit.executor === executor)).toHaveLength(1);
      expect(this.#killed).toEqual([]);
    } else if (!wasThere || this.#givenUp.has(executor)) {
      expect(this.#killed).toEqual(killable.has(state) ? Array.from({ length: times }, () => id) : []);
    }
  }

  #strangeUpdate(state: TaskState): void {
    const [task_id, agent_id] = [{ value: "stranger" }, { value: "a" }];
    this.story.client.say({ type: "UPDATE", update: { status: { task_id, agent_id, state } } });
    expect(this.#killed).toEqual(killable.has(state) ? ["stranger"] : []);
  }

  #loseSupervisors(agent: string): void {
    for (const [id, { agent: own }] of this.#supervisors) if (own === agent) this.#lost.add(id);
    this.story.client.say({ type: "FAILURE", failure: { agent_id: { value: agent } } });
  }

  #vacate(agent: string): void {
    const start = this.story.timers.clock.now() + 60_000;
    const offer = {
      id: { value: `inverse-${this.story.client.uuid()}` },
      framework_id: { value: "framework-1" },
      agent_id: { value: agent },
      unavailability: { start: { nanoseconds: start * 1e6 } },
    };
    this.story.client.say({ type: "INVERSE_OFFERS", inverse_offers: { inverse_offers: [offer] } });
  }

  /** A call that was made. */
  #check(call: SchedulerCall): void {
    switch (call.type) {
      case "ACCEPT":
        this.#launch(call, this.#answerAll(call));
        return;
      case "DECLINE":
        for (const { value } of call.decline.offer_ids ?? []) this.#answer(value);
        return;
      case "ACKNOWLEDGE":
        this.#acknowledged.push(call.acknowledge.uuid);
        return;
      case "KILL":
        this.#killed.push(call.kill.task_id.value);
        return;
      case "REVIVE":
        this.#takesOffers = true;
        return;
      case "SUPPRESS":
        this.#takesOffers = false;
        return;
      case "ACCEPT_INVERSE_OFFERS":
        for (const { value } of call.accept_inverse_offers.inverse_offer_ids ?? []) expect(value).toMatch(/^inverse-/);
        return;
      default:
        expect(call.type).toBe("RECONCILE");
    }
  }

  #answerAll({ accept }: Extract<SchedulerCall, { readonly type: "ACCEPT" }>): readonly Offer[] {
    return (accept.offer_ids ?? []).map(({ value }) => this.#answer(value));
  }

  #answer(id: string): Offer {
    const offer = this.#unanswered.get(id);
    if (offer === undefined) throw new Error(`${id} was answered twice, or never made`);
    this.#unanswered.delete(id);
    this.#answered.push(offer);
    return offer;
  }

  #launch(call: Extract<SchedulerCall, { readonly type: "ACCEPT" }>, offers: readonly Offer[]): void {
    const tasks = launchedBy(call);
    expect(tasks).not.toEqual([]);
    expect(offers).toHaveLength(1);
    const needed = tasks.flatMap(({ resources = [] }) => resources);
    for (const { executor, agent_id } of tasks) {
      if (executor === undefined) throw new Error("a task has no executor");
      expect(agent_id).toEqual(offers[0]?.agent_id);
      const id = executor.executor_id.value;
      const known = this.#supervisors.get(id);
      if (known === undefined) needed.push(...(executor.resources ?? []));
      else expect({ agent: agent_id.value, info: executor }).toEqual(known);
      expect(this.#lost).not.toContain(id);
      this.#supervisors.set(id, { agent: agent_id.value, info: executor });
    }
    const [asked, offered] = [totalOf(needed), totalOf(offers.flatMap(({ resources = [] }) => resources))];
    expect(asked.cpus).toBeLessThanOrEqual(offered.cpus);
    expect(asked.mem).toBeLessThanOrEqual(offered.mem);
  }

  /** What holds after each event. */
  #balance(before: number): void {
    const { story } = this;
    expect(this.#acknowledged).toEqual(this.#came);
    expect(new Set(story.started).size).toBe(story.started.length);
    expect(new Set(story.exited.map(({ executor }) => executor)).size).toBe(story.exited.length);
    expect(this.#staying).toBeLessThanOrEqual(Math.max(before, this.#wanted));
    if (this.#isSubscribed) expect(this.#takesOffers).toBe(this.#staying < this.#wanted);
  }

  get #staying(): number {
    return this.story.started.filter((executor) => !this.#going.has(executor) && !this.#hasEnded(executor)).length;
  }

  #hasEnded(executor: string): boolean {
    return this.story.exited.some((exit) => exit.executor === executor);
  }
}

test("whatever happens, no offer is held, no update unanswered, and no more is launched than is wanted and offered", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 60, size: "max" }), async (events) => {
      const ledger = new Ledger();
      await ledger.happens({ kind: "subscribe" });
      for (const event of events) await ledger.happens(event);
      const stopping = ledger.story.fleet.stop();
      ledger.story.timers.advance(5000);
      await stopping;
      expect(ledger.story.timers.pending).toBe(0);
    }),
    { numRuns: 100 },
  );
});
