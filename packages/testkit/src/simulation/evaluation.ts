import { deriveSeed } from "@gloam/common";
import type { HostedTask } from "@gloam/executor";
import type { Lineage, Reads } from "@gloam/scheduler/testing";
import type { StoredTruth } from "./block-stores.ts";
import { Violation } from "./violation.ts";

/** A partition as a task computes it: what it is, and what it was made of. */
export interface Evaluated {
  readonly value: number;
  readonly reads: Reads;
}

/** A persisted partition that a task computed on its way. */
export interface Computed extends Evaluated {
  readonly node: number;
  readonly partition: number;
}

/** What a task's inputs are read from. Throws where a block cannot be had. */
export interface BlockSource {
  mapOutput(shuffle: number, output: HostedTask["shuffles"][number]["outputs"][number]): StoredTruth;
  /** Of blocks of the same partition, any. */
  cached(blocks: HostedTask["cached"]): StoredTruth;
}

/**
 * Computes a partition as an executor would, of the task's inputs: its value stands for the elements. Every element of an
 * input that is missing, doubled, misplaced or of another partition changes it.
 */
export function evaluate(
  lineage: Lineage,
  node: number,
  task: HostedTask,
  source: BlockSource,
): Evaluated & { readonly computed: readonly Computed[] } {
  const known = new Map<string, Evaluated>();
  const computed: Computed[] = [];
  const visit = (id: number, partition: number): Evaluated => {
    const key = `${id}/${partition}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const cached = task.cached.filter((block) => block.node === id && block.partition === partition);
    const evaluated = cached.length === 0 ? compute(id, partition) : source.cached(cached);
    known.set(key, evaluated);
    return evaluated;
  };
  const compute = (id: number, partition: number): Evaluated => {
    const { determinism, persisted } = lineage.node(id);
    const reads = new Map<string, number>();
    // What cannot be repeated is another each time.
    let value = deriveSeed(id, partition, determinism === "indeterminate" ? task.task : -1);
    for (const input of inputsOf(lineage, id, partition)) {
      if ("shuffle" in input) {
        const told = task.shuffles.find(({ shuffle }) => shuffle === input.shuffle);
        if (told === undefined) throw new Violation(`task ${task.task} was not told of shuffle ${input.shuffle}`);
        checkComplete(task.task, input, told.outputs);
        for (const output of told.outputs) {
          const block = source.mapOutput(input.shuffle, output);
          value = deriveSeed(value, block.value, partition);
          reads.set(`${input.shuffle}/${output.partition}`, output.task);
        }
      } else {
        const parent = visit(input.node, input.partition);
        value = deriveSeed(value, parent.value, input.partition);
        for (const [key, read] of parent.reads) reads.set(key, read);
      }
    }
    if (persisted) computed.push({ node: id, partition, value, reads });
    return { value, reads };
  };
  return { ...visit(node, task.partition), computed };
}

/** The values of partitions that are the same whenever they are computed. */
export class ExpectedValues {
  readonly #lineage: Lineage;
  readonly #values = new Map<string, number | undefined>();

  constructor(lineage: Lineage) {
    this.#lineage = lineage;
  }

  /** Undefined where no two computations need agree. */
  of(node: number, partition: number): number | undefined {
    const key = `${node}/${partition}`;
    if (!this.#values.has(key)) this.#values.set(key, this.#compute(node, partition));
    return this.#values.get(key);
  }

  #compute(id: number, partition: number): number | undefined {
    if (this.#lineage.node(id).determinism === "indeterminate") return undefined;
    let value = deriveSeed(id, partition, -1);
    for (const input of inputsOf(this.#lineage, id, partition)) {
      if ("shuffle" in input) {
        for (let map = 0; map < input.mapPartitions; map++) {
          const read = this.of(input.parent, map);
          if (read === undefined) return undefined;
          value = deriveSeed(value, read, partition);
        }
      } else {
        const read = this.of(input.node, input.partition);
        if (read === undefined) return undefined;
        value = deriveSeed(value, read, input.partition);
      }
    }
    return value;
  }
}

type Input =
  | { readonly shuffle: number; readonly parent: number; readonly mapPartitions: number }
  | { readonly node: number; readonly partition: number };

function inputsOf(lineage: Lineage, id: number, partition: number): readonly Input[] {
  return lineage.node(id).dependencies.flatMap((dependency): readonly Input[] => {
    const { parent } = dependency;
    if (dependency.kind === "shuffle") {
      return [{ shuffle: dependency.shuffle, parent, mapPartitions: lineage.node(parent).partitions }];
    }
    const { mapping } = dependency;
    if (mapping.kind === "groups") {
      return (mapping.groups[partition] ?? []).map((read) => ({ node: parent, partition: read }));
    }
    if (mapping.kind === "range") {
      const shifted = partition - mapping.start;
      return shifted >= 0 && shifted < mapping.length ? [{ node: parent, partition: shifted }] : [];
    }
    return [{ node: parent, partition }];
  });
}

function checkComplete(
  task: number,
  { shuffle, mapPartitions }: Extract<Input, { shuffle: number }>,
  outputs: readonly { readonly partition: number }[],
): void {
  if (outputs.length === mapPartitions && outputs.every(({ partition }, index) => partition === index)) return;
  const told = outputs.map(({ partition }) => partition).join();
  throw new Violation(`task ${task} was told of the outputs ${told} of shuffle ${shuffle}, which has ${mapPartitions}`);
}
