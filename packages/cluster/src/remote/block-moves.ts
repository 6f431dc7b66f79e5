import type { Timers } from "@gloam/common";
import { storageTraits } from "@gloam/plan";
import type { FromExecutor, StoredOutput, ToExecutor } from "@gloam/protocol";
import type {
  BlockMove,
  BlockReplica,
  CachedBlock,
  SchedulerInstruction,
  TaskId,
  UntimedEvent,
} from "@gloam/scheduler";
import { handleOf } from "./executor-reports.ts";
import type { RemoteExecutor } from "./remote-executor.ts";
import type { RemoteHandle } from "./remote-handle.ts";

/** Blocks that one executor copies at a time, as far as it has been told. */
const mostAtOnce = 16;
/** Attempts to have a block copied, and milliseconds between two of them. */
const mostAttempts = 3;
const retryDelay = 500;

/** A block that shall lie elsewhere, or elsewhere too. */
type Block =
  | {
      readonly kind: "mapOutput";
      readonly shuffle: number;
      readonly partition: number;
      readonly task: TaskId;
      readonly handle: RemoteHandle;
    }
  | { readonly kind: "cached"; readonly block: CachedBlock; readonly handle: RemoteHandle }
  | {
      readonly kind: "replica";
      readonly block: CachedBlock;
      readonly handle: RemoteHandle;
      /** Executors that have it already. */
      readonly holders: readonly string[];
    };

interface Move {
  readonly block: Block;
  readonly from: string;
  attempts: number;
}

export interface BlockMovesOptions {
  readonly timers: Timers;
  readonly post: (event: UntimedEvent) => void;
  /** A living executor. */
  readonly executor: (id: string) => RemoteExecutor | undefined;
  /** Those that may take blocks. */
  readonly receivers: () => Iterable<RemoteExecutor>;
  /** There are blocks to move, and nobody takes any. */
  readonly onStuck?: (() => void) | undefined;
  /** A block lies elsewhere now, and the scheduler knows it: its old copy is of no use to tasks that are launched from now on. */
  readonly onMoved: (from: string, old: RemoteHandle) => void;
}

/**
 * Has blocks copied from executors that are to go to others, which say where the copies lie. Until then the old place is believed; where
 * no copy can be made, it stays so.
 */
export class BlockMoves {
  readonly #options: BlockMovesOptions;
  /** What is to be copied, and nobody has been told to. */
  readonly #waiting = new Set<Move>();
  /** What somebody was told to copy, by number. */
  readonly #moves = new Map<number, { readonly move: Move; readonly to: string }>();
  /** How many of those each executor has. */
  readonly #busy = new Map<string, number>();
  readonly #retries = new Set<() => void>();
  #nextMove = 0;
  #epoch = 0;
  #closed = false;

  constructor(options: BlockMovesOptions) {
    this.#options = options;
  }

  /** Begins to move blocks away from an executor. */
  move({ executor: from, outputs, cached }: Extract<SchedulerInstruction, { type: "migrateBlocks" }>): void {
    for (const { shuffle, output } of outputs) {
      const { partition, task } = output;
      const handle = output.handle as RemoteHandle;
      this.#waiting.add({ from, attempts: 0, block: { kind: "mapOutput", shuffle, partition, task, handle } });
    }
    for (const block of cached) {
      this.#waiting.add({ from, attempts: 0, block: { kind: "cached", block, handle: block.handle as RemoteHandle } });
    }
    this.tell();
  }

  /** Begins to copy a cached block, which stays where it is. */
  replicate({ block, holders }: Extract<SchedulerInstruction, { type: "replicateBlock" }>): void {
    const handle = block.handle as RemoteHandle;
    this.#waiting.add({ from: block.executor, attempts: 0, block: { kind: "replica", block, handle, holders } });
    this.tell();
  }

  /** Tells executors what to copy: as much as they may have to do at a time. To be called when one has come. */
  tell(): void {
    const stuck = new Set<string>();
    for (const move of [...this.#waiting]) {
      // To give one up may lead to others, and to telling them all: then this one has been told already.
      if (stuck.has(move.from) || !this.#waiting.has(move)) continue;
      const source = this.#options.executor(move.from);
      if (source === undefined) {
        this.#waiting.delete(move);
        this.#giveUp(move);
        continue;
      }
      const to = this.#receiverFor(move);
      if (to === undefined) {
        // Copies have others to be given to than what has to go.
        if (move.block.kind !== "replica") stuck.add(move.from);
        continue;
      }
      this.#waiting.delete(move);
      const id = this.#nextMove++;
      this.#busy.set(to.id, (this.#busy.get(to.id) ?? 0) + 1);
      this.#moves.set(id, { move, to: to.id });
      const { store, output, index } = move.block.handle;
      const cached = cachedOf(move.block);
      to.channel.send({
        ...{ type: "take", move: id, from: source.address, output: { store, output, index } },
        ...(cached && { cached }),
      });
    }
  }

  /** An executor has made a copy, or could not. */
  taken(by: RemoteExecutor, { move: id, copy }: Extract<FromExecutor, { type: "taken" }>): void {
    const known = this.#moves.get(id);
    if (known?.to !== by.id) {
      if (copy !== undefined) by.free([copy]);
      return;
    }
    this.#moves.delete(id);
    this.#busy.set(by.id, (this.#busy.get(by.id) ?? 1) - 1);
    const { move } = known;
    if (copy !== undefined) this.#moved(move, by, copy);
    else this.#retry(move);
    this.tell();
  }

  /** An executor is gone: others copy what it should have. */
  lost(id: string): void {
    this.#busy.delete(id);
    for (const [number, { move, to }] of this.#moves) {
      if (to !== id) continue;
      this.#moves.delete(number);
      this.#waiting.add(move);
    }
    this.tell();
  }

  close(): void {
    this.#closed = true;
    this.#waiting.clear();
    for (const cancel of this.#retries) cancel();
    this.#retries.clear();
  }

  /** The one with the least to copy. */
  #receiverFor({ block, from }: Move): RemoteExecutor | undefined {
    let best: RemoteExecutor | undefined;
    let least = mostAtOnce;
    let isThere = block.kind === "replica";
    for (const executor of this.#options.receivers()) {
      if (executor.id === from || (block.kind === "replica" && block.holders.includes(executor.id))) continue;
      isThere = true;
      const busy = this.#busy.get(executor.id) ?? 0;
      if (busy >= least) continue;
      best = executor;
      least = busy;
    }
    if (!isThere) this.#options.onStuck?.();
    return best;
  }

  #moved({ block, from }: Move, by: RemoteExecutor, copy: StoredOutput): void {
    const to = by.id;
    const handle = handleOf(to, copy, block.handle.level);
    if (block.kind !== "mapOutput") by.hold(copy, handle);
    if (block.kind === "replica") {
      this.#replicated(block.block, { executor: to, handle });
      return;
    }
    const moved: BlockMove =
      block.kind === "cached"
        ? { kind: "cached", block: block.block, to, handle }
        : { kind: "mapOutput", shuffle: block.shuffle, partition: block.partition, task: block.task, to, handle };
    this.#options.post({ type: "blocksMoved", epoch: ++this.#epoch, moves: [moved] });
    this.#options.onMoved(from, block.handle);
  }

  /** What cannot be moved stays; whoever asked for a copy is told that there is none. */
  #giveUp({ block }: Move): void {
    if (block.kind === "replica") this.#replicated(block.block, undefined);
  }

  #replicated(block: CachedBlock, copy: BlockReplica["copy"]): void {
    this.#options.post({ type: "blockReplicated", epoch: ++this.#epoch, replica: { block, copy } });
  }

  #retry(move: Move): void {
    if (this.#closed) return;
    if (++move.attempts >= mostAttempts) {
      this.#giveUp(move);
      return;
    }
    const cancel = this.#options.timers.after(retryDelay, () => {
      this.#retries.delete(cancel);
      this.#waiting.add(move);
      this.tell();
    });
    this.#retries.add(cancel);
  }
}

/** What who copies a cached block has to know of it: one that moves is not to be lost, even where its level has no disk. */
function cachedOf(block: Block): Extract<ToExecutor, { type: "take" }>["cached"] {
  const { level } = block.handle;
  if (block.kind === "mapOutput" || level === undefined) return undefined;
  const { node, partition } = block.block;
  if (block.kind === "replica") return { node, partition, level };
  return { node, partition, level: storageTraits(level).useDisk ? level : "MEMORY_AND_DISK" };
}
