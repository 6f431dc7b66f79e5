import { GloamError } from "@gloam/common";
import type { ShuffleId } from "@gloam/plan";
import { assign, tellLaunches } from "./assignment.ts";
import { addBlocks, loseBlocks, moveBlocks } from "./block-reports.ts";
import { releaseNode, releaseShuffle } from "./cleaning.ts";
import { answerCommit } from "./commits.ts";
import { checkExecutors, requestSlots } from "./demand.ts";
import { drain, releaseEmpty } from "./draining.ts";
import { cancelStage, failJob, submitJob } from "./jobs.ts";
import { loseExecutor, loseWorker } from "./membership.ts";
import type { MapOutput, SchedulerEvent, SchedulerInstruction } from "./messages.ts";
import { resolveOptions, type SchedulerOptions } from "./options.ts";
import { addReplica, replicateAll } from "./replication.ts";
import { speculate } from "./speculation.ts";
import { reportProgress } from "./stages.ts";
import { State } from "./state.ts";
import { settle } from "./submission.ts";
import { failTask } from "./task-failures.ts";
import { finishTask } from "./task-results.ts";

/** The machine's state, to look at and never to change. */
export type SchedulerState = Readonly<State>;

/**
 * Decides what runs where. A pure machine: it reads no clock, starts no timer and does no I/O; the same events give the
 * same instructions.
 */
export interface Scheduler {
  /**
   * Takes one event and returns what is to be done now, in that order. Repeated and late messages about tasks, executors
   * and jobs that are forgotten change nothing.
   */
  handle(event: SchedulerEvent): SchedulerInstruction[];
  /**
   * All outputs of a shuffle in map order: the same array until one of them changes, so that its identity tells whether
   * an executor knows it already. Every shuffle of a `launchTask` has all its outputs when `handle` returns.
   *
   * @throws GLOAM_INTERNAL while some outputs are missing, and for a shuffle that no job has needed or that was released
   */
  mapOutputs(shuffle: ShuffleId): readonly MapOutput[];
  /** For `checkInvariants` and tests. */
  state(): SchedulerState;
}

/** A scheduler without executors or jobs. */
export function createScheduler(options: SchedulerOptions = {}): Scheduler {
  const state = new State(resolveOptions(options));
  return {
    handle(event) {
      state.time = Math.max(state.time, event.time);
      state.out = [];
      apply(state, event);
      decide(state);
      return state.out;
    },
    mapOutputs(shuffle) {
      const outputs = state.tracker.get(shuffle);
      if (outputs === undefined) throw new GloamError("GLOAM_INTERNAL", `shuffle ${shuffle} is not known`);
      return outputs.snapshot();
    },
    state: () => state,
  };
}

function apply(state: State, event: SchedulerEvent): void {
  switch (event.type) {
    case "jobSubmitted":
      return submitJob(state, event.job, event.graph, event.properties);
    case "jobCancelled": {
      const job = state.jobs.get(event.job);
      if (job !== undefined) failJob(state, job, { kind: "cancelled", reason: event.reason });
      return undefined;
    }
    case "stageCancelled":
      return cancelStage(state, event.stage, event.reason);
    case "executorAdded":
      state.executors.add(event.executor, event.host, event.slots);
      return replicateAll(state);
    case "executorDraining":
      return drain(state, event.executor);
    case "executorLost":
      return loseExecutor(state, event.executor, event.taskFault, event.error);
    case "noMoreExecutors":
      state.noMoreExecutors = { reason: event.reason, error: event.error };
      return undefined;
    case "workerLost":
      return loseWorker(state, event.executor, event.slot, event.task, event.error);
    case "taskStarted": {
      const task = state.tasks.get(event.task);
      if (task !== undefined) task.startedAt = state.time;
      return undefined;
    }
    case "taskFinished":
      return finishTask(state, event.task, event.outcome, event.accumulators);
    case "taskFailed":
      return failTask(state, event.task, event.failure);
    case "blocksAdded":
      return addBlocks(state, event.task, event.blocks);
    case "blocksLost":
      return loseBlocks(state, event.blocks);
    case "blocksMoved":
      return moveBlocks(state, event.epoch, event.moves);
    case "blockReplicated":
      return addReplica(state, event.epoch, event.replica);
    case "commitAsked":
      return answerCommit(state, event.task);
    case "shufflesReleased":
      for (const shuffle of event.shuffles) releaseShuffle(state, shuffle);
      return undefined;
    case "nodesUnpersisted":
      for (const node of event.nodes) releaseNode(state, node);
      return undefined;
    case "timerFired":
      return state.alarm.rang(event.timer);
  }
}

/** Draws all conclusions: what stages can run, what tasks get slots, what is due later. */
function decide(state: State): void {
  state.exclusion.expire(state.time);
  settle(state);
  speculate(state);
  assign(state);
  // A task whose inputs are gone sends its stage back to waiting, and that may free a slot's task for another stage.
  while (state.submissions.length > 0) {
    settle(state);
    assign(state);
  }
  checkExecutors(state);
  releaseEmpty(state);
  tellLaunches(state);
  requestSlots(state);
  for (const stage of state.progressed) reportProgress(state, stage);
  setAlarm(state);
}

function setAlarm(state: State): void {
  const { executorWait } = state.options;
  const executorDue =
    executorWait === undefined || state.executorlessSince === undefined
      ? Infinity
      : state.executorlessSince + executorWait;
  const due = Math.min(state.localityDue, state.speculationDue ?? Infinity, state.exclusion.nextExpiry, executorDue);
  const instruction = state.alarm.ringBy(due);
  if (instruction !== undefined) state.emit(instruction);
}
