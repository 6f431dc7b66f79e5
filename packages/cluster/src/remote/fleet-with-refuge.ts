import type { Fleet, FleetObserver } from "./fleet.ts";

/** A fleet, and another one whose executors take no tasks, of which there is one as soon as blocks have nowhere else to go. */
export class FleetWithRefuge implements Fleet {
  readonly #fleet: Fleet;
  readonly #refuges: Fleet;
  readonly #refugeNames = new Set<string>();
  #observer: FleetObserver | undefined;
  #isOpen = false;

  /** @param refuges Begins with no executor. */
  constructor(fleet: Fleet, refuges: Fleet) {
    this.#fleet = fleet;
    this.#refuges = refuges;
  }

  start(observer: FleetObserver): Promise<void> {
    this.#observer = observer;
    return this.#fleet.start(observer);
  }

  worked(executor: string): void {
    this.#of(executor).worked(executor);
  }

  want(executors: number): void {
    this.#fleet.want(executors);
  }

  leaving(executor: string): void {
    this.#of(executor).leaving(executor);
  }

  end(executor: string): void {
    this.#of(executor).end(executor);
  }

  refuge(): void {
    if (this.#isOpen || this.#observer === undefined) return;
    this.#isOpen = true;
    const observer = this.#observer;
    void this.#refuges.start({
      ...observer,
      onStart: (executor) => {
        this.#refugeNames.add(executor);
        observer.onStart(executor);
      },
      // Without one, blocks stay where they are as long as they can.
      onFailure: () => undefined,
    });
    this.#refuges.want(1);
  }

  async stop(): Promise<void> {
    // From now on nobody needs a refuge.
    this.#observer = undefined;
    await Promise.all([this.#fleet.stop(), this.#refuges.stop()]);
  }

  #of(executor: string): Fleet {
    return this.#refugeNames.has(executor) ? this.#refuges : this.#fleet;
  }
}
