import type { CapturedFunction } from "@gloam/closure";
import type { KernelDescription } from "../kernel.ts";
import type { PlanNode, ShuffleDependency, ShuffleId } from "../node.ts";
import type { PartitionCount } from "../partition-count.ts";

/** What is true of a shuffle; false where it is left out. */
export type ShuffleTraits = Partial<Pick<Shuffle, "orderSensitive" | "streamed">>;

/** A shuffle whose number of reduce partitions may be known only after preparation. */
export class Shuffle implements ShuffleDependency {
  readonly kind = "shuffle";
  readonly shuffle: ShuffleId;
  readonly parent: PlanNode;
  readonly orderSensitive: boolean;
  readonly streamed: boolean;
  readonly #count: PartitionCount;
  readonly #writer: (partitions: number) => KernelDescription;
  #description: KernelDescription | undefined;

  constructor(
    shuffle: ShuffleId,
    parent: PlanNode,
    count: PartitionCount,
    writer: (partitions: number) => KernelDescription,
    { orderSensitive = false, streamed = false }: ShuffleTraits = {},
  ) {
    this.shuffle = shuffle;
    this.parent = parent;
    this.orderSensitive = orderSensitive;
    this.streamed = streamed;
    this.#count = count;
    this.#writer = writer;
  }

  get writer(): KernelDescription {
    return (this.#description ??= this.#writer(this.#count.value()));
  }

  partitionCount(): number {
    return this.#count.value();
  }
}

/** User functions of a shuffle kernel by what they are for; undefined ones are left out. */
export type FunctionsByRole = Readonly<Record<string, CapturedFunction | undefined>>;

/**
 * Describes a kernel of the package shuffle. `roles` in its data names the functions by position.
 */
export function shuffleKernel(name: string, functions: FunctionsByRole = {}, data: object = {}): KernelDescription {
  const given = Object.entries(functions).filter(
    (entry): entry is [string, CapturedFunction] => entry[1] !== undefined,
  );
  return {
    package: "@gloam/shuffle",
    export: name,
    functions: given.map(([, captured]) => captured),
    data: { ...data, roles: given.map(([role]) => role) },
  };
}
