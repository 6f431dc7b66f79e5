import type { Fleet, FleetObserver } from "../fleet.ts";

/** A fleet whose executors are the test. */
export class FakeFleet implements Fleet {
  readonly ended: string[] = [];
  readonly workers = new Set<string>();
  stopped = false;
  observer: FleetObserver | undefined;

  start(observer: FleetObserver): Promise<void> {
    this.observer = observer;
    return Promise.resolve();
  }
  worked(executor: string): void {
    this.workers.add(executor);
  }
  end(executor: string): void {
    this.ended.push(executor);
  }
  stop(): Promise<void> {
    this.stopped = true;
    return Promise.resolve();
  }
}
