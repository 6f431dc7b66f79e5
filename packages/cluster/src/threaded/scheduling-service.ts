import { serializeError, type Clock } from "@gloam/common";
import { createScheduler, type ClusterBackend, type JobId, type JobProperties } from "@gloam/scheduler";
import { SchedulerHost } from "../scheduler-host.ts";
import type { Timers } from "@gloam/common";
import type { JobPlan } from "./job-plan.ts";
import { ownBytes } from "./own-bytes.ts";
import { EventRelay } from "./event-relay.ts";
import { ProgressRelay } from "./progress-relay.ts";
import { ReceivedPlans } from "./received-plans.ts";
import type { FromSchedulingThread, SchedulingThreadData, ToSchedulingThread } from "./thread-messages.ts";

/** What a scheduling service is made of. */
export interface SchedulingServiceOptions extends Omit<SchedulingThreadData, "backend"> {
  readonly backend: ClusterBackend;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly send: (message: FromSchedulingThread, transfer?: readonly ArrayBuffer[]) => void;
}

/** The scheduling thread's side of `ThreadedScheduling`: the host and its backend behind messages. */
export class SchedulingService {
  readonly #options: SchedulingServiceOptions;
  readonly #plans = new ReceivedPlans();
  readonly #host: SchedulerHost;
  readonly #progress: ProgressRelay | undefined;
  readonly #events: EventRelay;

  constructor(options: SchedulingServiceOptions) {
    const { scheduler, timers, send } = options;
    this.#options = options;
    this.#host = new SchedulerHost({ ...options, scheduler: createScheduler(scheduler), code: this.#plans });
    this.#events = new EventRelay((events) => send({ type: "events", events }), timers);
    if (options.stagesShown) this.#progress = new ProgressRelay((events) => send({ type: "stages", events }), timers);
  }

  async start(): Promise<void> {
    const { send } = this.#options;
    const progress = this.#progress;
    try {
      await this.#host.start(progress && ((event) => progress.add(event)));
      send({ type: "started" });
    } catch (error) {
      send({ type: "startFailed", error: serializeError(error) });
    }
  }

  receive(message: ToSchedulingThread): void {
    switch (message.type) {
      case "submit":
        return this.#submit(message.job, message.plan, message.properties);
      case "cancel":
        return this.#host.cancel(message.job, message.reason);
      case "cancelStage":
        return this.#host.cancelStage(message.stage, message.reason);
      case "cancelAll":
        return this.#host.cancelAll(message.reason);
      case "releaseShuffles":
        this.#host.post({ type: "shufflesReleased", shuffles: message.shuffles });
        return this.#plans.releaseShuffles(message.shuffles);
      case "unpersist":
        return this.#host.post({ type: "nodesUnpersisted", nodes: message.nodes });
      case "releaseNodes":
        return this.#plans.releaseNodes(message.nodes);
      case "askExecutors":
        return this.#options.send({
          ...{ type: "executors", executors: this.#host.executors() },
          traffic: this.#options.backend.traffic(),
        });
      case "askWork":
        return this.#options.send({ type: "work", work: this.#host.work() });
      case "listen":
        this.#events.flush();
        return this.#host.listen(message.listens ? (event) => this.#events.add(event) : undefined);
      case "addBroadcast":
        return this.#options.backend.addBroadcast(message.broadcast, message.bytes);
      case "unpersistBroadcast":
        return this.#options.backend.unpersistBroadcast(message.broadcast);
      case "releaseBroadcasts":
        return this.#options.backend.releaseBroadcasts(message.broadcasts);
      case "stagesSeen":
        return this.#progress?.seen();
      case "stop":
        return void this.#stop();
      default:
        return message satisfies never;
    }
  }

  #submit(job: JobId, plan: JobPlan, properties: JobProperties): void {
    const { send } = this.#options;
    const end = (message: FromSchedulingThread): void => {
      this.#plans.remove(job);
      this.#progress?.flush();
      this.#events.flush();
      send(message);
    };
    this.#host.submit(job, this.#plans.add(job, plan), properties, {
      onResult: (index, { bytes: reported, encoded }) => {
        const bytes = ownBytes(reported);
        send({ type: "result", job, index, value: { bytes, encoded } }, [bytes.buffer]);
      },
      onAccumulated: (source, reported) => {
        const updates = ownBytes(reported);
        send({ type: "accumulated", job, source, updates }, [updates.buffer]);
      },
      onFinished: () => end({ type: "finished", job }),
      onFailed: (failure, stage) => end({ type: "failed", job, failure, stage }),
    });
  }

  async #stop(): Promise<void> {
    let failure: unknown;
    await this.#host.stop().catch((error: unknown) => (failure = error));
    this.#events.flush();
    const error = failure === undefined ? undefined : serializeError(failure);
    this.#options.send({ type: "stopped", error });
  }
}
