import { GloamError, type Timers } from "@gloam/common";
import type { Channel, ChannelObserver, FromExecutor, ToExecutor } from "@gloam/protocol";
import { expect, test } from "vitest";
import { ExecutorProcess, type TaskRunner } from "./executor-process.ts";

const idle: TaskRunner = {
  addStage: () => undefined,
  forgetStages: () => undefined,
  launch: () => undefined,
  kill: () => undefined,
  answerCommit: () => undefined,
  answerBarrier: () => undefined,
  forgetCached: () => undefined,
};

const registration = { type: "registered", slots: 1, host: "h", blockPort: 1, process: 1, node: "v20" } as const;

/** A channel that tells its observer of its end as soon as there is one. */
class EndedChannel implements Channel<FromExecutor, ToExecutor> {
  observe(observer: ChannelObserver<ToExecutor>): void {
    observer.onClose(new GloamError("GLOAM_CONNECTION_LOST", "it was cut"));
  }
  send(): void {}
  close(): void {}
  terminate(): void {}
}

test("a driver that hangs up while the threads start ends the executor, which leaves no timer behind", () => {
  const set = new Set<unknown>();
  const timers: Timers = {
    after: (_milliseconds, action) => {
      set.add(action);
      return () => set.delete(action);
    },
  };
  const ends: (GloamError | undefined)[] = [];
  const executor = new ExecutorProcess({
    channel: new EndedChannel(),
    runner: idle,
    free: () => undefined,
    take: () => undefined,
    timers,
    heartbeatInterval: 10,
    driverLostTimeout: 100,
    residentBytes: () => 0,
    traffic: () => ({ fetchedBytes: 0, servedBytes: 0, evictedBlocks: 0 }),
    onEnd: (error) => ends.push(error),
  });
  executor.begin(registration);
  expect(ends).toMatchObject([{ code: "GLOAM_CONNECTION_LOST" }]);
  expect(set.size).toBe(0);
});
