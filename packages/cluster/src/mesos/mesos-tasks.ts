import type { Offer } from "@gloam/mesos";

/** A task of the framework: one executor. */
export interface MesosTask {
  readonly id: string;
  /** Name of the executor. */
  readonly executor: string;
  readonly agent: string;
  /** What it was started with a part of. */
  readonly offer: Pick<Offer, "hostname" | "attributes">;
  /** Milliseconds of the driver's clock. */
  readonly since: number;
  /** It has done a task of the application. */
  worked: boolean;
  /** It does nothing more, and another may take its place. */
  leaving: boolean;
  /** Its agent was lost, or the master knows neither: it may be heard of again, or never. */
  unreachable: boolean;
  /** It was given up, and has to be ended until the master says that it is. */
  ended: boolean;
}

/** The tasks that have been launched and have not ended. */
export class MesosTasks {
  readonly #byId = new Map<string, MesosTask>();
  readonly #byName = new Map<string, MesosTask>();

  add(made: {
    readonly id: string;
    readonly executor: string;
    readonly offer: Offer;
    readonly now: number;
  }): MesosTask {
    const { id, executor, now } = made;
    const { hostname, attributes, agent_id } = made.offer;
    const task: MesosTask = {
      id,
      executor,
      agent: agent_id.value,
      offer: { hostname, ...(attributes && { attributes }) },
      since: now,
      worked: false,
      leaving: false,
      unreachable: false,
      ended: false,
    };
    this.#byId.set(id, task);
    this.#byName.set(executor, task);
    return task;
  }

  remove({ id, executor }: MesosTask): void {
    this.#byId.delete(id);
    this.#byName.delete(executor);
  }

  withId(id: string): MesosTask | undefined {
    return this.#byId.get(id);
  }

  named(executor: string): MesosTask | undefined {
    return this.#byName.get(executor);
  }

  all(): readonly MesosTask[] {
    return [...this.#byId.values()];
  }

  on(agent: string): readonly MesosTask[] {
    return this.all().filter((task) => task.agent === agent);
  }

  get size(): number {
    return this.#byId.size;
  }

  /** How many stay. */
  get staying(): number {
    return this.all().filter(({ leaving }) => !leaving).length;
  }
}
