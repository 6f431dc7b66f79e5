import type { Job } from "./job.ts";
import type { PoolOptions, SchedulingMode } from "./options.ts";
import type { Stage } from "./stage.ts";

interface Pool {
  readonly name: string;
  readonly weight: number;
  readonly minShare: number;
  readonly mode: SchedulingMode;
  /** Wanted attempts of its stages that run. */
  running: number;
  /** Its active stages with tasks that wait for a slot, by job and stage. */
  readonly stages: Stage[];
  /** Its active stages. */
  members: number;
}

interface Share {
  readonly running: number;
  readonly minShare: number;
  readonly weight: number;
}

/** Which stage launches next. With `fifo` one pool holds all stages; with `fair` each job names its own. */
export class Pools {
  readonly pools = new Map<string, Pool>();
  readonly #mode: SchedulingMode;
  readonly #configured: ReadonlyMap<string, PoolOptions>;
  #passed = new Set<Stage>();

  constructor(mode: SchedulingMode, configured: readonly PoolOptions[]) {
    this.#mode = mode;
    this.#configured = new Map(configured.map((pool) => [pool.name, pool]));
  }

  /** Takes in a stage that becomes active, or whose jobs changed. */
  join(stage: Stage): void {
    const first = firstJob(stage);
    stage.pool = this.#mode === "fair" ? (first?.properties.pool ?? "default") : "";
    const pool = this.#pool(stage.pool);
    pool.members++;
    pool.running += stage.runningCount;
    if (stage.pending?.empty === false) insert(pool.stages, stage);
  }

  leave(stage: Stage): void {
    const pool = this.#pool(stage.pool);
    pool.members--;
    pool.running -= stage.runningCount;
    remove(pool.stages, stage);
    if (pool.members === 0) this.pools.delete(pool.name);
  }

  /** To be called when an active stage gets its first or loses its last waiting task. */
  refresh(stage: Stage): void {
    const { stages } = this.#pool(stage.pool);
    if (stage.pending?.empty !== false) remove(stages, stage);
    else if (!stages.includes(stage)) insert(stages, stage);
  }

  /** An active stage's running tasks became more or fewer. */
  count(stage: Stage, change: 1 | -1): void {
    this.#pool(stage.pool).running += change;
  }

  /** Begins a round: every stage with waiting tasks is asked again. */
  startRound(): void {
    if (this.#passed.size > 0) this.#passed = new Set();
  }

  /** The stage found no slot that it wants; it is not asked again in this round. */
  pass(stage: Stage): void {
    this.#passed.add(stage);
  }

  /** The stage to launch a task of; undefined when no stage wants one in this round. */
  next(): Stage | undefined {
    let best: Stage | undefined;
    let bestPool: Pool | undefined;
    for (const pool of this.pools.values()) {
      if (bestPool !== undefined && compareShares(bestPool, pool) <= 0) continue;
      const stage = this.#nextIn(pool);
      if (stage === undefined) continue;
      best = stage;
      bestPool = pool;
    }
    return best;
  }

  #nextIn(pool: Pool): Stage | undefined {
    if (pool.mode === "fifo") return pool.stages.find((stage) => !this.#passed.has(stage));
    let best: Stage | undefined;
    for (const stage of pool.stages) {
      if (!this.#passed.has(stage) && (best === undefined || stage.runningCount < best.runningCount)) best = stage;
    }
    return best;
  }

  #pool(name: string): Pool {
    let pool = this.pools.get(name);
    if (pool === undefined) {
      const { weight = 1, minShare = 0, mode = "fifo" } = this.#configured.get(name) ?? {};
      this.pools.set(name, (pool = { name, weight, minShare, mode, running: 0, stages: [], members: 0 }));
    }
    return pool;
  }
}

/** Spark's fair order: pools below their minimum first, by how far; then by running tasks per weight; then by name. */
function compareShares(a: Share & { name: string }, b: Share & { name: string }): number {
  const needyA = a.running < a.minShare;
  const needyB = b.running < b.minShare;
  if (needyA !== needyB) return needyA ? -1 : 1;
  const shareA = needyA ? a.running / Math.max(a.minShare, 1) : a.running / a.weight;
  const shareB = needyB ? b.running / Math.max(b.minShare, 1) : b.running / b.weight;
  return shareA - shareB || (a.name < b.name ? -1 : 1);
}

/** The earliest job that needs a stage: it decides priority and pool. */
function firstJob(stage: Stage): Job | undefined {
  let first: Job | undefined;
  for (const job of stage.jobs) if (first === undefined || job.order < first.order) first = job;
  return first;
}

function compareStages(a: Stage, b: Stage): number {
  return (firstJob(a)?.order ?? 0) - (firstJob(b)?.order ?? 0) || a.id - b.id;
}

function insert(stages: Stage[], stage: Stage): void {
  let position = stages.length;
  while (position > 0 && compareStages(stages[position - 1] as Stage, stage) > 0) position--;
  stages.splice(position, 0, stage);
}

function remove(stages: Stage[], stage: Stage): void {
  const position = stages.indexOf(stage);
  if (position >= 0) stages.splice(position, 1);
}
