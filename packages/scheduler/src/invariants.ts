/**
 * What must hold whenever `handle` has returned. Checking costs as much as everything the machine knows, so this is for
 * tests and for debugging.
 */
import { GloamError } from "@gloam/common";
import type { SchedulerState } from "./scheduler.ts";
import type { Stage } from "./stage.ts";

type Check = (condition: boolean, message: () => string) => void;

/**
 * Checks the machine's state.
 *
 * @throws GLOAM_INTERNAL with every rule that is broken
 */
export function checkInvariants(state: SchedulerState): void {
  const broken: string[] = [];
  const check: Check = (condition, message) => {
    if (!condition) broken.push(message());
  };
  checkSlots(state, check);
  for (const stage of liveStages(state)) checkStage(state, stage, check);
  checkJobs(state, check);
  checkBlocks(state, check);
  checkPools(state, check);
  checkBarriers(state, check);
  checkRest(state, check);
  if (broken.length > 0) throw new GloamError("GLOAM_INTERNAL", broken.join("\n"));
}

/** Every stage that a job is linked to. */
function liveStages(state: SchedulerState): Set<Stage> {
  return new Set([...state.jobs.values()].flatMap(({ stages }) => [...stages]));
}

function checkSlots({ executors, tasks }: SchedulerState, check: Check): void {
  let occupied = 0;
  for (const executor of executors.byId.values()) {
    const { id, free, running, kept, slots } = executor;
    occupied += running.size;
    check(new Set(free).size === free.length, () => `executor ${id} offers a slot twice`);
    check(
      free.every((slot) => slot < slots && !running.has(slot) && !kept.has(slot)),
      () => `executor ${id} offers a slot that it has not`,
    );
    for (let slot = 0; slot < slots; slot++) {
      check(free.includes(slot) || running.has(slot) || kept.has(slot), () => `slot ${slot} of executor ${id} is lost`);
    }
    for (const [slot, task] of kept) {
      check(
        running.get(task.slot) === task,
        () => `slot ${slot} of executor ${id} is kept for task ${task.id}, which does not run`,
      );
    }
    for (const [slot, task] of running) {
      check(
        tasks.get(task.id) === task && task.executor === executor && task.slot === slot,
        () => `slot ${slot} of executor ${id} runs task ${task.id}, which is forgotten or elsewhere`,
      );
    }
    check(
      executors.available.has(executor) === (executor.usable && free.length > 0),
      () => `executor ${id} is wrongly offered or held back`,
    );
  }
  check(occupied === tasks.size, () => `${tasks.size} tasks hold ${occupied} slots`);
  for (const executor of executors.available) {
    check(executors.get(executor.id) === executor, () => `executor ${executor.id} is lost and offered`);
  }
}

function checkStage(state: SchedulerState, stage: Stage, check: Check): void {
  const name = `stage ${stage.id}`;
  check(!stage.discarded && stage.jobs.size > 0, () => `${name} is live without a job`);
  for (const job of stage.jobs) check(state.jobs.get(job.id) === job, () => `${name} is kept by ended job ${job.id}`);
  if (stage.output.kind === "shuffleMap") {
    const { outputs } = stage.output;
    check(state.mapStages.get(outputs.shuffle) === stage, () => `${name} is not the stage of its shuffle`);
    check(state.tracker.get(outputs.shuffle) === outputs, () => `${name} has outputs that are not tracked`);
  }
  check((stage.status === "active") === state.activeStages.has(stage), () => `${name} is wrongly counted as active`);
  check((stage.status === "active") === (stage.pending !== undefined), () => `${name} has tasks only while active`);
  checkWaiting(stage, check);
  let runningCount = 0;
  for (const [index, attempts] of stage.running) {
    runningCount += attempts.length;
    check(attempts.length > 0, () => `${name} runs nothing for ${index}`);
    check(!stage.isDone(index), () => `${name} runs ${index}, which is done`);
    for (const task of attempts) {
      check(
        state.tasks.get(task.id) === task && !task.killed && task.stage === stage && task.index === index,
        () => `${name} runs task ${task.id}, which is forgotten or unwanted`,
      );
    }
  }
  check(runningCount === stage.runningCount, () => `${name} miscounts its running tasks`);
  for (const [index, holder] of stage.committers) {
    check(
      stage.running.get(index)?.some(({ id }) => id === holder) === true,
      () => `${name} lets task ${holder} commit ${index}, which does not run`,
    );
  }
  if (stage.pending === undefined) return;
  check(!stage.complete, () => `${name} is complete and active`);
  let waiting = 0;
  for (let index = 0; index < stage.size; index++) {
    const pending = stage.pending.has(index);
    if (pending) waiting++;
    const states = Number(pending) + Number(stage.isDone(index)) + Number(stage.running.has(index));
    check(states === 1, () => `${name}: task ${index} is in ${states} states`);
  }
  check(waiting === stage.pending.count, () => `${name} miscounts its waiting tasks`);
}

function checkWaiting(stage: Stage, check: Check): void {
  const waits = stage.status === "waiting";
  check(waits === stage.waitingFor.size > 0, () => `stage ${stage.id} is ${stage.status} for others`);
  for (const parent of stage.waitingFor) {
    check(
      !parent.discarded && !parent.complete && parent.status !== "idle" && parent.waiters.has(stage),
      () => `stage ${stage.id} waits for stage ${parent.id}, which does not work for it`,
    );
    for (const job of stage.jobs) {
      check(parent.jobs.has(job), () => `job ${job.id} needs stage ${parent.id} and does not know it`);
    }
  }
}

function checkJobs(state: SchedulerState, check: Check): void {
  for (const job of state.jobs.values()) {
    const { resultStage, results, stages } = job;
    check(
      stages.has(resultStage) && resultStage.status !== "idle",
      () => `job ${job.id} has no stage that works for it`,
    );
    const left = results.delivered.filter((delivered) => !delivered).length;
    check(left === results.remaining && left > 0, () => `job ${job.id} lives with ${left} results to come`);
    for (const stage of stages) check(stage.jobs.has(job), () => `stage ${stage.id} does not know job ${job.id}`);
  }
  for (const stage of state.mapStages.values()) {
    check(stage.jobs.size > 0, () => `stage ${stage.id} outlived its jobs`);
  }
  for (const task of state.tasks.values()) {
    check(
      task.killed || task.stage.running.get(task.index)?.includes(task) === true,
      () => `task ${task.id} is neither wanted nor killed`,
    );
  }
}

function checkBlocks({ tracker, blocks, executors }: SchedulerState, check: Check): void {
  for (const [shuffle, outputs] of tracker.shuffles) {
    let registered = 0;
    for (let partition = 0; partition < outputs.size; partition++) {
      const output = outputs.at(partition);
      if (output === undefined) continue;
      registered++;
      check(output.partition === partition, () => `shuffle ${shuffle} has an output in the wrong place`);
      check(executors.get(output.executor) !== undefined, () => `shuffle ${shuffle} has an output on a lost executor`);
    }
    check(registered === outputs.registered, () => `shuffle ${shuffle} miscounts its outputs`);
  }
  for (const [node, { partitions }] of blocks.nodes) {
    check(partitions.size > 0, () => `node ${node} is kept without blocks`);
    for (const [partition, copies] of partitions) {
      const places = new Set(copies.map(({ executor }) => executor));
      check(places.size === copies.length && places.size > 0, () => `block ${node}/${partition} lies nowhere or twice`);
      for (const place of places) {
        check(executors.get(place) !== undefined, () => `block ${node}/${partition} lies on a lost executor`);
      }
    }
  }
}

function checkPools(state: SchedulerState, check: Check): void {
  let members = 0;
  for (const [name, pool] of state.pools.pools) {
    members += pool.members;
    const stages = [...state.activeStages].filter((stage) => stage.pool === name);
    const running = stages.reduce((sum, { runningCount }) => sum + runningCount, 0);
    check(stages.length === pool.members, () => `pool '${name}' miscounts its stages`);
    check(running === pool.running, () => `pool '${name}' counts ${pool.running} running tasks, there are ${running}`);
    const waiting = stages.filter(({ pending }) => pending?.empty === false);
    check(
      waiting.length === pool.stages.length && waiting.every((stage) => pool.stages.includes(stage)),
      () => `pool '${name}' offers other stages than those with waiting tasks`,
    );
  }
  check(members === state.activeStages.size, () => `pools have ${members} stages`);
  if (state.executors.available.size === 0 || state.options.exclusion !== undefined || state.keptFor !== undefined)
    return;
  for (const { id, pending, isBarrier, isWide } of state.activeStages) {
    if (isBarrier || isWide) continue;
    const idle = pending !== undefined && pending.count > 0 && !pending.localized;
    check(!idle, () => `stage ${id} has tasks for a free slot`);
  }
}

/** Tasks of a barrier run all at once or not at all. */
function checkBarriers(state: SchedulerState, check: Check): void {
  for (const stage of state.activeStages) {
    const { id, isBarrier, run, size, running, pending } = stage;
    if (!isBarrier) continue;
    check((pending?.count === size) === (run === undefined), () => `barrier stage ${id} waits and runs`);
    check(run !== undefined || running.size === 0, () => `barrier stage ${id} runs tasks of no attempt`);
    for (const [index, attempts] of running) {
      check(
        attempts.length === 1 && attempts[0]?.run === run,
        () => `barrier stage ${id} runs ${index} twice or apart`,
      );
    }
    const attempts = new Set(run?.tasks.map(({ attempt }) => attempt));
    check(attempts.size <= 1, () => `tasks of barrier stage ${id} are of different attempts`);
  }
  for (const run of state.barrierRuns) {
    check(run.living.size > 0, () => "an attempt of a barrier outlived its tasks");
    for (const task of run.living.values()) {
      check(state.tasks.get(task.id) === task, () => `task ${task.id} of a barrier is forgotten`);
      check(!run.abandoned || task.killed, () => `task ${task.id} of an attempt that has failed is still wanted`);
    }
  }
}

function checkRest(state: SchedulerState, check: Check): void {
  check(state.submissions.length === 0 && state.progressed.size === 0, () => "work was left for the next event");
  check(state.alarm.at <= state.localityDue, () => "nothing wakes tasks that wait for their location");
  if (state.jobs.size > 0) return;
  check(
    state.activeStages.size + state.mapStages.size + state.pools.pools.size === 0,
    () => "stages outlived the jobs",
  );
  check(
    [...state.tasks.values()].every(({ killed }) => killed),
    () => "tasks outlived the jobs",
  );
}
