import type { ShuffleId } from "@gloam/plan";
import type { MapOutput, TaskId, TaskLaunch } from "../messages.ts";
import { shuffleLevel } from "../determinism.ts";
import { GraphIndex } from "../graph-index.ts";
import type { Lineage } from "./lineage.ts";

/** Which map task's output stood for each (shuffle, map partition) that was read. */
export type Reads = ReadonlyMap<string, TaskId>;

/** A partition that a task computes on its way and may cache. */
export interface ComputedPartition {
  readonly node: number;
  readonly partition: number;
  readonly reads: Reads;
}

/** What a task reads, and the persisted partitions that it computes. */
export function trace(
  lineage: Lineage,
  launch: TaskLaunch,
  outputs: ReadonlyMap<ShuffleId, readonly MapOutput[]>,
  readsOfBlock: ReadonlyMap<unknown, Reads>,
): { reads: Reads; computed: ComputedPartition[] } {
  const computed: ComputedPartition[] = [];
  const visit = (id: number, partition: number): Reads => {
    const cached = launch.cached.find((block) => block.node === id && block.partition === partition);
    if (cached !== undefined) return readsOfBlock.get(cached.handle) ?? new Map<string, TaskId>();
    const reads = new Map<string, TaskId>();
    for (const dependency of lineage.node(id).dependencies) {
      if (dependency.kind === "shuffle") {
        for (const output of outputs.get(dependency.shuffle) ?? []) {
          reads.set(`${dependency.shuffle}/${output.partition}`, output.task);
        }
        continue;
      }
      const { mapping, parent } = dependency;
      let partitions: readonly number[] = [partition];
      if (mapping.kind === "groups") partitions = mapping.groups[partition] ?? [];
      if (mapping.kind === "range") {
        const shifted = partition - mapping.start;
        partitions = shifted >= 0 && shifted < mapping.length ? [shifted] : [];
      }
      for (const read of partitions) for (const [key, task] of visit(parent, read)) reads.set(key, task);
    }
    computed.push({ node: id, partition, reads });
    return reads;
  };
  return { reads: visit(launch.node, launch.partition), computed };
}

/** A (shuffle, map partition) for which two readers read different outputs of a shuffle that must not be mixed. */
function findMixture(all: Iterable<Reads>, indeterminate: (shuffle: ShuffleId) => boolean): string | undefined {
  const merged = new Map<string, TaskId>();
  for (const reads of all) {
    for (const [key, task] of reads) {
      const other = merged.get(key);
      if (other !== undefined && other !== task && indeterminate(Number.parseInt(key, 10))) return key;
      merged.set(key, task);
    }
  }
  return undefined;
}

/** Remembers what was computed from what, and objects to mixtures. */
export class Provenance {
  /** Of finished tasks. */
  readonly ofTask = new Map<TaskId, Reads>();
  /** Of cached blocks, by handle. */
  readonly ofBlock = new Map<unknown, Reads>();
  readonly #lineage: Lineage;
  readonly #indeterminate = new Map<ShuffleId, boolean>();

  constructor(lineage: Lineage) {
    this.#lineage = lineage;
  }

  /** Nobody may read the outputs of tasks that did not read the same. */
  checkTasks(what: string, tasks: Iterable<TaskId>): void {
    const mixture = findMixture(
      [...tasks].map((task) => this.ofTask.get(task) ?? new Map<string, TaskId>()),
      (shuffle) => this.#isIndeterminate(shuffle),
    );
    if (mixture !== undefined) throw new Error(`${what} mixes outputs of ${mixture}, which cannot be repeated`);
  }

  #isIndeterminate(shuffle: ShuffleId): boolean {
    let known = this.#indeterminate.get(shuffle);
    if (known !== undefined) return known;
    known = this.#lineage.nodes.some(({ id, dependencies }) =>
      dependencies.some((dependency) => {
        if (dependency.kind !== "shuffle" || dependency.shuffle !== shuffle) return false;
        const graph = new GraphIndex(this.#lineage.job(id));
        return shuffleLevel(graph, dependency.parent, dependency.orderSensitive === true) === "indeterminate";
      }),
    );
    this.#indeterminate.set(shuffle, known);
    return known;
  }
}
