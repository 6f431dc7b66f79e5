import type { ExecutorInfo, Offer } from "@gloam/mesos";

/** The Mesos executors that are believed to run, one for each agent and role. */
export class Supervisors {
  readonly #infos = new Map<string, ExecutorInfo>();
  #made = 0;

  /** The one that tasks of this offer belong to, where there is one. */
  of(offer: Offer): ExecutorInfo | undefined {
    return this.#infos.get(keyOf(offer));
  }

  /** An id that no Mesos executor of the application has had, on whatever agent. */
  nextId(prefix: string): string {
    return `${prefix}-agent-${++this.#made}`;
  }

  add(offer: Offer, info: ExecutorInfo): void {
    this.#infos.set(keyOf(offer), info);
  }

  /** Those of an agent are gone: of a certain id, or all of them. Later tasks get others, of other ids. */
  lost(agent: string, id?: string): void {
    for (const [key, info] of this.#infos) {
      if (key.startsWith(`${agent} `) && (id === undefined || info.executor_id.value === id)) this.#infos.delete(key);
    }
  }
}

function keyOf({ agent_id, allocation_info }: Offer): string {
  return `${agent_id.value} ${allocation_info?.role ?? "*"}`;
}
