import type { Reads } from "@gloam/scheduler/testing";

/** What a block is, in truth. */
export type BlockIdentity =
  | { readonly kind: "mapOutput"; readonly shuffle: number; readonly partition: number; readonly task: number }
  | { readonly kind: "cached"; readonly node: number; readonly partition: number; readonly task: number }
  | { readonly kind: "result"; readonly task: number; readonly node: number; readonly partition: number };

/** A block in a store. */
export interface StoredTruth {
  readonly executor: string;
  readonly store: number;
  readonly output: number;
  /** Stands in its index, so that one who reads it shows that he was told of this very block. */
  readonly token: number;
  readonly identity: BlockIdentity;
  /** Stands for its elements. */
  readonly value: number;
  readonly reads: Reads;
  /** A disk took it, and nobody has noticed yet. */
  lost: boolean;
}

/** All blocks of all executors, as they are in truth; those of a dead executor stay, so that one may ask what it had. */
export class BlockStores {
  readonly #executors = new Map<string, Map<string, StoredTruth>>();
  readonly #dropped = new Map<string, number>();
  #tokens = 1;

  add(block: Omit<StoredTruth, "token" | "lost">): StoredTruth {
    const stored: StoredTruth = { ...block, token: this.#tokens++, lost: false };
    const own = this.#executors.get(block.executor) ?? new Map<string, StoredTruth>();
    this.#executors.set(block.executor, own);
    own.set(keyOf(block.store, block.output), stored);
    return stored;
  }

  get(executor: string, store: number, output: number): StoredTruth | undefined {
    return this.#executors.get(executor)?.get(keyOf(store, output));
  }

  free(executor: string, store: number, output: number): void {
    this.#executors.get(executor)?.delete(keyOf(store, output));
  }

  /** It was dropped to make room, at that time: its executor has said so. */
  drop(executor: string, store: number, output: number, at: number): void {
    this.free(executor, store, output);
    this.#dropped.set(`${executor} ${keyOf(store, output)}`, at);
  }

  /** When it was dropped; undefined where it was not. */
  droppedAt(executor: string, store: number, output: number): number | undefined {
    return this.#dropped.get(`${executor} ${keyOf(store, output)}`);
  }

  of(executor: string): readonly StoredTruth[] {
    return [...(this.#executors.get(executor)?.values() ?? [])];
  }
}

function keyOf(store: number, output: number): string {
  return `${store}/${output}`;
}

/** A block's name for people. */
export function describeBlock({ executor, store, output, identity }: StoredTruth): string {
  return `${describeIdentity(identity)} at ${executor} ${store}/${output}`;
}

function describeIdentity(identity: BlockIdentity): string {
  switch (identity.kind) {
    case "cached":
      return `block ${identity.node}/${identity.partition}`;
    case "mapOutput":
      return `output ${identity.shuffle}/${identity.partition} of task ${identity.task}`;
    case "result":
      return `the result of task ${identity.task}`;
  }
}
