import { fileURLToPath } from "node:url";
import type { GloamError } from "@gloam/common";
import {
  Reconciliation,
  SchedulerClient,
  takeResources,
  type Offer,
  type SchedulerClientOptions,
  type SchedulerEvent,
  type TaskStatus,
} from "@gloam/mesos";

const program = fileURLToPath(new URL("../programs/mesos-executor.mjs", import.meta.url));

/** A small framework that runs `programs/mesos-executor.mjs`, acknowledges, reconciles, and remembers what it was told. */
export class TestFramework {
  readonly client: SchedulerClient;
  readonly events: SchedulerEvent[] = [];
  readonly subscriptions: string[] = [];
  readonly disconnected: GloamError[] = [];
  readonly failures: GloamError[] = [];
  readonly #reconciliation: Reconciliation;
  readonly #open = new Map<string, Offer>();
  #launched: string[] = [];

  constructor(port: number, options: Partial<SchedulerClientOptions> = {}) {
    const framework = {
      user: "root",
      name: "test",
      roles: ["test"],
      checkpoint: true,
      failover_timeout: 60,
      capabilities: [{ type: "MULTI_ROLE" }, { type: "PARTITION_AWARE" }] as const,
    };
    this.client = new SchedulerClient(
      { masters: [`127.0.0.1:${port}`], framework, connectPatience: 60_000, ...options },
      {
        onSubscribed: ({ framework_id }) => {
          this.subscriptions.push(framework_id.value);
          this.#reconciliation.begin(this.#launched.map((value) => ({ task_id: { value } })));
        },
        onDisconnected: (reason) => {
          this.disconnected.push(reason);
          this.#open.clear();
          this.#reconciliation.stop();
        },
        onEvent: (event) => this.#take(event),
        onFailure: (error) => this.failures.push(error),
      },
    );
    this.#reconciliation = new Reconciliation({
      // What is lost with the connection is asked for again by the next one.
      send: (tasks) => void this.client.call({ type: "RECONCILE", reconcile: { tasks } }).catch(() => {}),
      firstDelay: 1000,
    });
    this.client.start();
  }

  /** Updates of a task that have come. */
  updatesOf(id: string): TaskStatus[] {
    return this.events.flatMap((event) =>
      event.type === "UPDATE" && event.update.status.task_id.value === id ? [event.update.status] : [],
    );
  }

  /** Offers that are there and not used. */
  get offers(): Offer[] {
    return [...this.#open.values()];
  }

  /** Launches a task with an offer. */
  async launch(offer: Offer, id: string, milliseconds: number): Promise<void> {
    this.#open.delete(offer.id.value);
    this.#launched.push(id);
    const resources = takeResources(offer.resources ?? [], { cpus: 0.5, mem: 64 })?.taken ?? [];
    const command = { shell: false, value: process.execPath, arguments: [process.execPath, program] };
    const framework_id = { value: this.client.frameworkId ?? "" };
    const executor = { type: "CUSTOM", executor_id: { value: "executor" }, framework_id, command } as const;
    const task = {
      name: id,
      task_id: { value: id },
      agent_id: offer.agent_id,
      resources,
      executor,
      data: Buffer.from(`${milliseconds}`).toString("base64"),
    };
    const operations = [{ type: "LAUNCH", launch: { task_infos: [task] } }] as const;
    await this.client.call({ type: "ACCEPT", accept: { offer_ids: [offer.id], operations } });
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  async stop(options: { readonly teardown: boolean } = { teardown: true }): Promise<void> {
    this.#reconciliation.stop();
    await this.client.stop(options);
  }

  #take(event: SchedulerEvent): void {
    this.events.push(event);
    if (event.type === "OFFERS") for (const offer of event.offers.offers ?? []) this.#open.set(offer.id.value, offer);
    if (event.type === "RESCIND") this.#open.delete(event.rescind.offer_id.value);
    if (event.type !== "UPDATE") return;
    const { task_id, agent_id, uuid } = event.update.status;
    this.#reconciliation.heard(task_id.value);
    if (uuid === undefined || agent_id === undefined) return;
    // An acknowledgement that is lost makes the update come again.
    void this.client.call({ type: "ACKNOWLEDGE", acknowledge: { agent_id, task_id, uuid } }).catch(() => {});
  }
}
