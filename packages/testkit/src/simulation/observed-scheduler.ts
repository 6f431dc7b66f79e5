import { checkInvariants, createScheduler, type Scheduler, type SchedulerOptions } from "@gloam/scheduler";

/** The real scheduler, whose state is checked whenever it has handled an event. */
export function observedScheduler(options: SchedulerOptions, note: (what: string) => void): Scheduler {
  const scheduler = createScheduler(options);
  return {
    handle(event) {
      note(`scheduler: ${event.type}`);
      const instructions = scheduler.handle(event);
      checkInvariants(scheduler.state());
      return instructions;
    },
    mapOutputs: (shuffle) => scheduler.mapOutputs(shuffle),
    state: () => scheduler.state(),
  };
}
