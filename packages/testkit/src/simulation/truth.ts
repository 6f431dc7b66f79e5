import type { Scheduler } from "@gloam/scheduler";
import { describeBlock, type BlockStores, type StoredTruth } from "./block-stores.ts";
import type { ObservedBackend } from "./observed-backend.ts";
import type { SimulatedExecutor } from "./simulated-executor.ts";
import type { SimulatedFleet } from "./simulated-fleet.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import { Violation } from "./violation.ts";

/** What is so, to be held against what the scheduler and its backend believe. */
export interface Truth {
  readonly scheduler: Scheduler;
  readonly backend: ObservedBackend;
  readonly fleet: SimulatedFleet;
  readonly executors: ReadonlyMap<string, SimulatedExecutor>;
  readonly stores: BlockStores;
  readonly now: number;
  /** Since when the driver has been able to notice anything; Infinity while it cannot. */
  readonly attentiveSince: number;
  /** Milliseconds after which everybody has noticed whatever happened to others. */
  readonly noticeTime: number;
}

interface Handle {
  readonly store: number;
  readonly output: number;
}

/** What must hold at any time. */
export function checkBeliefs(truth: Truth): void {
  const { scheduler, fleet, backend } = truth;
  const { executors } = scheduler.state();
  for (const id of executors.byId.keys()) {
    const ended = fleet.processes.get(id)?.ended;
    if (ended !== undefined && isLong(truth, ended.at)) throw new Violation(`${id} is dead, and nobody noticed`);
  }
  for (const { executor, block, name, droppedAt } of believedBlocks(truth)) {
    // Whether the executor lives is another matter, and said above. A disk's loss shows when somebody reads; that a block was
    // dropped is said, and known as soon as that has arrived.
    if (block !== undefined || (droppedAt !== undefined && !isLong(truth, droppedAt))) continue;
    const what = droppedAt === undefined ? "is not there" : "was dropped long ago";
    throw new Violation(`the scheduler believes in ${name} at ${executor}, which ${what}`);
  }
  for (const process of fleet.alive) {
    const known = executors.byId.has(process.name);
    if (known) continue;
    const since = backend.lost.get(process.name) ?? process.begun;
    if (isLong(truth, since)) throw new Violation(`${process.name} lives, and nobody knows it`);
  }
  for (const { process, connection } of truth.executors.values()) {
    if (process.ended === undefined || connection === undefined || connection.from.ended !== undefined) continue;
    if (isLong(truth, process.ended.at)) throw new Violation(`the driver keeps a connection to ${process.name}, dead`);
  }
}

/** What must hold when nothing is under way. */
export function checkQuiet(truth: Truth): void {
  const { scheduler, fleet, stores } = truth;
  const { executors, tasks } = scheduler.state();
  if (tasks.size > 0) throw new Violation(`the scheduler waits for task ${[...tasks.keys()].join()}`);
  const believed = new Set(believedBlocks(truth).map(({ block }) => block));
  for (const { name } of fleet.alive) {
    if (!executors.byId.has(name)) throw new Violation(`${name} lives, and the scheduler does not know it`);
    for (const block of stores.of(name)) {
      if (!believed.has(block)) throw new Violation(`nobody will ever free ${describeBlock(block)}`);
    }
  }
  for (const name of executors.byId.keys()) {
    if (fleet.processes.get(name)?.alive !== true)
      throw new Violation(`the scheduler believes in ${name}, which is dead`);
  }
}

/** What must hold when all jobs have ended and all they left behind was released. */
export function checkReleased({ scheduler, fleet, executors, stores }: Truth): void {
  const { tracker, blocks, mapStages, activeStages, jobs } = scheduler.state();
  const left = tracker.shuffles.size + blocks.nodes.size + mapStages.size + activeStages.size + jobs.size;
  if (left > 0) throw new Violation("the scheduler did not forget everything");
  for (const { name } of fleet.alive) {
    const { runner, shuffles } = executors.get(name) ?? {};
    const [block] = stores.of(name);
    if (block !== undefined) throw new Violation(`nobody freed ${describeBlock(block)}`);
    if ((runner?.stages.length ?? 0) > 0) throw new Violation(`${name} still has stages ${runner?.stages.join()}`);
    if ((shuffles?.size ?? 0) > 0)
      throw new Violation(`${name} still knows of shuffles ${[...(shuffles ?? [])].join()}`);
  }
}

/** What must hold when the driver has stopped. */
export function checkStopped({ fleet, executors, scheduler }: Truth, driver: SimulatedProcess): void {
  const [left] = fleet.alive;
  if (left !== undefined) throw new Violation(`${left.name} outlives the driver`);
  if (driver.timersSet > 0) throw new Violation(`the driver left ${driver.timersSet} timers`);
  if (scheduler.state().jobs.size > 0) throw new Violation("the driver left a job");
  for (const { process, connection } of executors.values()) {
    if (connection === undefined || connection.from.ended !== undefined) continue;
    throw new Violation(`the driver left its connection to ${process.name}`);
  }
}

function isLong({ now, attentiveSince, noticeTime }: Truth, since: number): boolean {
  return now - Math.max(since, attentiveSince) > noticeTime;
}

/** A block that the scheduler believes in, and what is there in truth. */
interface BelievedBlock {
  readonly executor: string;
  readonly name: string;
  readonly block: StoredTruth | undefined;
  readonly droppedAt?: number | undefined;
}

function believedBlocks({ scheduler, stores }: Truth): readonly BelievedBlock[] {
  const { tracker, blocks } = scheduler.state();
  const believed: BelievedBlock[] = [];
  for (const [shuffle, outputs] of tracker.shuffles) {
    for (const { executor, partition, task, handle } of outputs.list()) {
      const { store, output } = handle as Handle;
      const block = stores.get(executor, store, output);
      const { identity } = block ?? {};
      const right =
        identity?.kind === "mapOutput" &&
        identity.shuffle === shuffle &&
        identity.partition === partition &&
        identity.task === task;
      const name = `output ${shuffle}/${partition} of task ${task}`;
      believed.push({ executor, name, block: right ? block : undefined });
    }
  }
  for (const { partitions } of blocks.nodes.values()) {
    for (const { executor, node, partition, handle, computedBy } of [...partitions.values()].flat()) {
      const { store, output } = handle as Handle;
      const block = stores.get(executor, store, output);
      const { identity } = block ?? {};
      const right =
        identity?.kind === "cached" &&
        identity.node === node &&
        identity.partition === partition &&
        identity.task === computedBy;
      const droppedAt = stores.droppedAt(executor, store, output);
      believed.push({ executor, name: `block ${node}/${partition}`, block: right ? block : undefined, droppedAt });
    }
  }
  return believed;
}
