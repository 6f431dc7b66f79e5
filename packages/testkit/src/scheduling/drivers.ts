import { ClusterDriver, DirectScheduling, ThreadedScheduling, type ClusterDriverOptions } from "@gloam/cluster";
import { systemClock } from "@gloam/common";
import type { SchedulerOptions } from "@gloam/scheduler";
import { answeringBackend, type AnsweringBackendOptions } from "./answering-backend.ts";

/** What a driver of a test may be made of. */
export interface TestDriverOptions extends Partial<Omit<ClusterDriverOptions, "scheduling">> {
  readonly backend?: AnsweringBackendOptions | undefined;
  readonly scheduler?: SchedulerOptions | undefined;
  readonly maxResultBytes?: number | undefined;
}

/** A driver that schedules on this thread. */
export function directDriver({ backend = {}, scheduler = {}, maxResultBytes = 0, ...options }: TestDriverOptions) {
  const timers = {
    after(milliseconds: number, action: () => void): () => void {
      const timer = setTimeout(action, milliseconds);
      return () => clearTimeout(timer);
    },
  };
  const scheduling = new DirectScheduling({
    backend: answeringBackend(backend),
    scheduler,
    maxResultBytes,
    clock: systemClock,
    timers,
  });
  return new ClusterDriver({ scheduling, defaultParallelism: 2, ...options });
}

/** A driver that schedules in another thread. */
export function threadedDriver({ backend = {}, scheduler = {}, maxResultBytes = 0, ...options }: TestDriverOptions) {
  const scheduling = new ThreadedScheduling({
    backend: { module: "@gloam/testkit/answering-backend", export: "answeringBackend", options: backend },
    scheduler,
    maxResultBytes,
  });
  return new ClusterDriver({
    scheduling,
    defaultParallelism: 2,
    onBusy: (busy) => scheduling.reference(busy),
    ...options,
  });
}
