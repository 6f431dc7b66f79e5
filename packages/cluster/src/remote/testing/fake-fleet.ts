import type { Fleet, FleetObserver } from "../fleet.ts";

/** A fleet whose executors are the test. */
export class FakeFleet implements Fleet {
  readonly ended: string[] = [];
  readonly workers = new Set<string>();
  readonly left: string[] = [];
  readonly wanted: number[] = [];
  stopped = false;
  observer: FleetObserver | undefined;

  start(observer: FleetObserver): Promise<void> {
    this.observer = observer;
    return Promise.resolve();
  }
  worked(executor: string): void {
    this.workers.add(executor);
  }

  want(executors: number): void {
    this.wanted.push(executors);
  }

  leaving(executor: string): void {
    this.left.push(executor);
  }
  end(executor: string): void {
    this.ended.push(executor);
  }
  stop(): Promise<void> {
    this.stopped = true;
    return Promise.resolve();
  }
}
