import type { Random } from "@gloam/common";
import type { UntimedEvent } from "../cluster-backend.ts";
import { checkInvariants } from "../invariants.ts";
import type {
  CachedBlock,
  ExecutorId,
  JobId,
  SchedulerInstruction,
  TaskFailure,
  TaskId,
  TaskLaunch,
} from "../messages.ts";
import type { SchedulerOptions } from "../options.ts";
import { createScheduler, type Scheduler } from "../scheduler.ts";
import { copyBlock, MoveEpochs, moveBlocks } from "./block-moves.ts";
import { Lineage } from "./lineage.ts";
import { Provenance, trace } from "./provenance.ts";
import { growLineage, oneOf } from "./random-lineage.ts";
import {
  compareWithTruth,
  evict,
  findMissingInput,
  type RunningTask,
  type SimulatedExecutor,
} from "./simulated-executor.ts";

/**
 * A cluster of which everything goes wrong that can, in an order that one seed decides. It knows the truth about slots
 * and blocks and holds the machine against it.
 */
export class Chaos {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly lineage = new Lineage();
  readonly executors = new Map<ExecutorId, SimulatedExecutor>();
  /** Loss of executors, as the backend tells it, in order. */
  readonly control: UntimedEvent[] = [];
  /** Messages that will come a second time, or from executors that are gone. */
  readonly late: UntimedEvent[] = [];
  readonly ended = new Map<JobId, SchedulerInstruction>();
  readonly wanted = new Map<JobId, number>();
  readonly delivered = new Map<JobId, Map<number, TaskId>>();
  readonly timers = new Map<number, number>();
  time = 0;
  /** Nothing fails any more. */
  calm = false;
  #jobs = 0;
  #names = 0;
  readonly #epochs = new MoveEpochs();
  readonly #provenance = new Provenance(this.lineage);
  readonly #holders = new Map<string, TaskId>();
  readonly #over = new Set<TaskId>();

  constructor(random: Random, options: SchedulerOptions) {
    this.random = random;
    this.scheduler = createScheduler(options);
    for (let node = 0; node < 5; node++) growLineage(this.lineage, random);
  }

  /** One random thing happens. */
  step(): void {
    this.time += this.random.nextInt(20);
    const dice = this.random.nextInt(100);
    if (dice < 35) this.deliver();
    else if (dice < 68) this.work();
    else if (dice < 74) this.ring();
    else if (dice < 81) this.submit();
    else if (this.calm) this.deliver();
    else if (dice < 84) growLineage(this.lineage, this.random);
    else if (dice < 87 && this.#alive().length < 5) this.addExecutor();
    else if (dice < 89) this.loseExecutor();
    else if (dice < 90) this.drain();
    else if (dice < 91) this.loseWorker();
    else if (dice < 93) this.evict();
    else if (dice < 95) this.release();
    else if (dice < 97) this.tell({ type: "jobCancelled", job: this.random.nextInt(this.#jobs + 1), reason: "chaos" });
    else this.repeat();
  }

  /** Lets everything come to its end, and checks that nothing is left. */
  finish(): void {
    this.calm = true;
    this.addExecutor();
    for (let steps = 0; ; steps++) {
      if (steps > 100_000) throw new Error(`jobs never end: ${[...this.scheduler.state().jobs.keys()].join()}`);
      const busy = this.deliver() || this.work() || this.ring(true);
      if (!busy && this.ended.size === this.#jobs) break;
    }
    compareWithTruth(this.scheduler.state(), this.executors);
    const { nodes, shuffleCount } = this.lineage;
    this.tell({ type: "shufflesReleased", shuffles: Array.from({ length: shuffleCount }, (_, shuffle) => shuffle) });
    this.tell({ type: "nodesUnpersisted", nodes: nodes.map(({ id }) => id) });
    for (const { id, alive, outputs, blocks } of this.executors.values()) {
      if (alive && outputs.size + blocks.size > 0) throw new Error(`executor ${id} still holds blocks`);
    }
    const { tasks, tracker, mapStages, activeStages } = this.scheduler.state();
    const left = tasks.size + tracker.shuffles.size + mapStages.size + activeStages.size;
    if (left > 0) throw new Error("the machine did not forget everything");
    for (const [job, { type }] of this.ended) {
      const results = this.delivered.get(job)?.size ?? 0;
      if (type === "jobFinished" && results !== this.wanted.get(job)) throw new Error(`job ${job} lacks results`);
    }
  }

  tell(event: UntimedEvent): void {
    if (event.type === "taskFinished" || event.type === "taskFailed") this.#over.add(event.task);
    if (event.type === "workerLost" && event.task !== undefined) this.#over.add(event.task);
    if (event.type === "executorLost") this.#forgetHolders(event.executor);
    for (const instruction of this.scheduler.handle({ time: this.time, ...event })) this.#follow(instruction);
    checkInvariants(this.scheduler.state());
  }

  /** The machine gets a message; false when none is on its way. */
  deliver(): boolean {
    const boxes = [this.control, ...[...this.executors.values()].map(({ mail }) => mail)].filter(
      (mail) => mail.length > 0,
    );
    if (boxes.length === 0) return false;
    const said = oneOf(this.random, boxes).shift();
    if (said === undefined) return false;
    const message = this.#epochs.number(said);
    if (this.random.next() < 0.1) this.late.push(message);
    this.tell(message);
    return true;
  }

  /** A running task goes a step further; false when none runs. */
  work(): boolean {
    const running = [...this.executors.values()].flatMap((executor) =>
      executor.slots.flatMap((task) => (task === undefined ? [] : [{ executor, task }])),
    );
    if (running.length === 0) return false;
    const { executor, task } = oneOf(this.random, running);
    const { launch } = task;
    const dice = this.random.next();
    if (task.killed && dice < 0.7) this.#fail(executor, task, { kind: "killed" });
    else if (task.commit === "asked") return this.deliver();
    else if (task.commit === "denied") this.#fail(executor, task, { kind: "commitDenied" });
    else if (dice < 0.1) executor.mail.push({ type: "taskStarted", task: launch.task });
    else if (!this.calm && dice < 0.16) this.#fail(executor, task, { kind: "exception", error: "chaos" });
    else if (!this.calm && dice < 0.18) this.#fail(executor, task, this.#spuriousFailure(task));
    else if (dice < 0.4) this.#cache(executor, task);
    else if (dice < 0.5 && launch.stageKind.kind === "result" && task.commit === "unasked") {
      task.commit = "asked";
      executor.mail.push({ type: "commitAsked", task: launch.task });
    } else this.#end(executor, task);
    return true;
  }

  /** Time passes until a timer rings; false when none is set. */
  ring(hurry = false): boolean {
    for (const [timer, at] of this.timers) {
      if (at > this.time && !hurry) continue;
      this.time = Math.max(this.time, at);
      this.timers.delete(timer);
      this.tell({ type: "timerFired", timer });
      return true;
    }
    return false;
  }

  submit(): void {
    const job = this.#jobs++;
    const graph = this.lineage.job(this.random.nextInt(this.lineage.nodes.length));
    const partitions = graph.partitions.filter(() => this.random.next() < 0.8);
    this.wanted.set(job, partitions.length);
    const pool = oneOf(this.random, [undefined, "one", "two"]);
    this.tell({ type: "jobSubmitted", job, graph: { ...graph, partitions }, properties: { pool } });
  }

  addExecutor(): void {
    const id = `executor-${this.#names++}`;
    const slots = 1 + this.random.nextInt(3);
    const executor = { id, alive: true, outputs: new Set<string>(), blocks: new Map<string, CachedBlock>(), mail: [] };
    this.executors.set(id, { ...executor, slots: Array.from<undefined>({ length: slots }) });
    this.tell({ type: "executorAdded", executor: id, host: `host-${this.random.nextInt(3)}`, slots });
  }

  loseExecutor(): void {
    const executor = this.#anyAlive();
    if (executor === undefined) return;
    executor.alive = false;
    executor.slots.fill(undefined);
    const taskFault = this.random.next() < 0.2;
    this.control.push({ type: "executorLost", executor: executor.id, reason: "chaos", taskFault });
    // What it said last may come in before the loss, after it, or never. Moves are told: who gave the block knows.
    if (this.random.next() < 0.5) {
      for (const said of executor.mail.splice(0)) {
        (said.type === "blocksMoved" || said.type === "blockReplicated" ? executor.mail : this.late).push(said);
      }
    }
  }

  drain(): void {
    const executor = this.#anyAlive();
    if (executor !== undefined) this.tell({ type: "executorDraining", executor: executor.id });
  }

  loseWorker(): void {
    const executor = this.#anyAlive();
    if (executor === undefined) return;
    const slot = this.random.nextInt(executor.slots.length);
    const task = executor.slots[slot];
    if (task === undefined) return;
    executor.slots[slot] = undefined;
    executor.mail.push({ type: "workerLost", executor: executor.id, slot, task: task.launch.task, error: "chaos" });
    executor.mail.push({ type: "taskFailed", task: task.launch.task, failure: { kind: "workerLost", error: "chaos" } });
  }

  evict(): void {
    const executor = this.#anyAlive();
    if (executor !== undefined) evict(executor);
  }

  release(): void {
    if (this.random.next() < 0.5 && this.lineage.shuffleCount > 0) {
      this.tell({ type: "shufflesReleased", shuffles: [this.random.nextInt(this.lineage.shuffleCount)] });
      return;
    }
    const { id, persisted } = oneOf(this.random, this.lineage.nodes);
    this.lineage.persist(id, !persisted);
    if (persisted) this.tell({ type: "nodesUnpersisted", nodes: [id] });
  }

  /** A message comes a second time, or from an executor that is gone. */
  repeat(): void {
    const message = this.late.splice(this.random.nextInt(this.late.length + 1), 1)[0];
    if (message === undefined) return;
    // These are about blocks or executors, not tasks: their senders don't repeat them.
    if (message.type === "executorLost" || message.type === "blocksLost") return;
    if (message.type === "blocksAdded" && !this.#over.has(message.task)) return;
    this.tell(message);
  }

  #follow(instruction: SchedulerInstruction): void {
    switch (instruction.type) {
      case "launchTask":
        this.#launch(instruction.launch);
        break;
      case "killTask": {
        const task = this.#find(instruction.executor, instruction.task);
        if (task !== undefined) task.killed = true;
        this.#over.add(instruction.task);
        break;
      }
      case "grantCommit":
      case "denyCommit": {
        const task = this.#find(instruction.executor, instruction.task);
        if (task?.commit !== "asked") break;
        task.commit = instruction.type === "grantCommit" ? "granted" : "denied";
        if (task.commit === "granted") this.#checkGrant(task.launch);
        break;
      }
      case "releaseExecutor": {
        const executor = this.executors.get(instruction.executor);
        if (executor === undefined || !executor.alive) break;
        executor.alive = false;
        this.control.push({ type: "executorLost", executor: executor.id, reason: "released", taskFault: false });
        break;
      }
      case "dropMapOutputs":
        for (const { executor, partition, task } of instruction.outputs) {
          this.executors.get(executor)?.outputs.delete(`${instruction.shuffle}/${partition}/${task}`);
        }
        break;
      case "dropCachedBlocks":
        for (const { executor, node, partition, handle } of instruction.blocks) {
          const blocks = this.executors.get(executor)?.blocks;
          if (blocks?.get(`${node}/${partition}`)?.handle === handle) blocks?.delete(`${node}/${partition}`);
        }
        break;
      case "migrateBlocks":
        this.#migrate(instruction);
        break;
      case "replicateBlock":
        this.#replicate(instruction);
        break;
      case "setTimer":
        this.timers.set(instruction.timer, instruction.at);
        break;
      case "partitionResult": {
        const results = this.delivered.get(instruction.job) ?? new Map<number, TaskId>();
        this.delivered.set(instruction.job, results);
        if (results.has(instruction.index)) throw new Error(`result ${instruction.index} came twice`);
        if (this.ended.has(instruction.job)) throw new Error(`a result of job ${instruction.job} came after its end`);
        results.set(instruction.index, instruction.value as TaskId);
        break;
      }
      case "jobFinished":
      case "jobFailed":
        if (this.ended.has(instruction.job)) throw new Error(`job ${instruction.job} ended twice`);
        this.ended.set(instruction.job, instruction);
        if (instruction.type === "jobFinished") {
          this.#provenance.checkTasks(`job ${instruction.job}`, this.delivered.get(instruction.job)?.values() ?? []);
        }
        break;
      case "requestExecutors":
      case "replicasMissing":
      case "forgetShuffle":
      case "accumulated":
      case "stageStarted":
      case "stageProgress":
      case "stageFinished":
        break;
    }
  }

  #launch(launch: TaskLaunch): void {
    const inputs = new Map(launch.shuffles.map((shuffle) => [shuffle, this.scheduler.mapOutputs(shuffle)]));
    for (const [shuffle, outputs] of inputs) {
      this.#provenance.checkTasks(
        `shuffle ${shuffle}`,
        outputs.map(({ task }) => task),
      );
    }
    const executor = this.executors.get(launch.executor);
    if (executor === undefined || !executor.alive) return;
    if (executor.slots[launch.slot] !== undefined) throw new Error(`slot ${launch.slot} of ${launch.executor} is busy`);
    const traced = trace(this.lineage, launch, inputs, this.#provenance.ofBlock);
    executor.slots[launch.slot] = { launch, inputs, ...traced, killed: false, commit: "unasked" };
  }

  #end(executor: SimulatedExecutor, task: RunningTask): void {
    const { launch, reads } = task;
    const missing = findMissingInput(this.executors, task);
    if (missing !== undefined) return this.#fail(executor, task, missing);
    executor.slots[launch.slot] = undefined;
    this.#provenance.ofTask.set(launch.task, reads);
    if (launch.stageKind.kind === "shuffleMap") {
      executor.outputs.add(`${launch.stageKind.shuffle}/${launch.partition}/${launch.task}`);
      const outcome = { kind: "mapOutput", handle: launch.task, sizes: new Float64Array(0) } as const;
      executor.mail.push({ type: "taskFinished", task: launch.task, outcome });
    } else {
      executor.mail.push({ type: "taskFinished", task: launch.task, outcome: { kind: "result", value: launch.task } });
    }
  }

  #fail(executor: SimulatedExecutor, { launch }: RunningTask, failure: TaskFailure): void {
    executor.slots[launch.slot] = undefined;
    executor.mail.push({ type: "taskFailed", task: launch.task, failure });
  }

  #spuriousFailure({ inputs, launch }: RunningTask): TaskFailure {
    const [read] = inputs;
    const [output] = read?.[1] ?? [];
    if (read !== undefined && output !== undefined) {
      const { partition: mapPartition, task: mapTask } = output;
      return { kind: "fetchFailed", shuffle: read[0], mapPartition, mapTask, error: "chaos" };
    }
    const [block] = launch.cached;
    if (block === undefined) return { kind: "killed" };
    return { kind: "cachedBlockMissing", node: block.node, partition: block.partition, error: "chaos" };
  }

  #cache(executor: SimulatedExecutor, { launch, computed }: RunningTask): void {
    for (const { node, partition, reads } of computed) {
      const key = `${node}/${partition}`;
      if (!this.lineage.node(node).persisted || executor.blocks.has(key)) continue;
      const handle = {};
      const block = { node, partition, executor: executor.id, slot: launch.slot, handle };
      executor.blocks.set(key, block);
      this.#provenance.ofBlock.set(handle, reads);
      executor.mail.push({ type: "blocksAdded", task: launch.task, blocks: [block] });
    }
  }

  #migrate(instruction: Extract<SchedulerInstruction, { type: "migrateBlocks" }>): void {
    const from = this.executors.get(instruction.executor);
    const to = this.#anyAlive();
    if (from === undefined || to === undefined || !from.alive || from === to) return;
    const { ofBlock } = this.#provenance;
    moveBlocks(from, to, instruction, (before, after) => ofBlock.set(after, ofBlock.get(before) ?? new Map()));
  }

  #replicate({ block, holders }: Extract<SchedulerInstruction, { type: "replicateBlock" }>): void {
    const from = this.executors.get(block.executor);
    const to = this.#anyAlive();
    const { ofBlock } = this.#provenance;
    const copied =
      from?.alive === true && to !== undefined && !holders.includes(to.id) && this.random.next() < 0.9
        ? copyBlock(from, to, block, (after) => ofBlock.set(after, ofBlock.get(block.handle) ?? new Map()))
        : undefined;
    const said: UntimedEvent = { type: "blockReplicated", epoch: 0, replica: { block, copy: copied } };
    (copied === undefined ? this.control : to!.mail).push(said);
  }

  #checkGrant({ task, stageKind, partition }: TaskLaunch): void {
    if (stageKind.kind !== "result") return;
    const key = `${stageKind.job}/${partition}`;
    const holder = this.#holders.get(key);
    if (holder !== undefined && holder !== task && !this.#over.has(holder)) throw new Error(`two may commit ${key}`);
    this.#holders.set(key, task);
  }

  #forgetHolders(executor: ExecutorId): void {
    for (const task of this.scheduler.state().executors.get(executor)?.running.values() ?? []) this.#over.add(task.id);
  }

  #find(executor: ExecutorId, task: TaskId): RunningTask | undefined {
    return this.executors.get(executor)?.slots.find((running) => running?.launch.task === task);
  }

  #anyAlive(): SimulatedExecutor | undefined {
    const alive = this.#alive();
    return alive.length === 0 ? undefined : oneOf(this.random, alive);
  }

  #alive(): SimulatedExecutor[] {
    return [...this.executors.values()].filter(({ alive }) => alive);
  }
}
