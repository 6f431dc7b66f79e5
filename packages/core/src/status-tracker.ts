import type { Driver, DriverTraffic, ExecutorStatus } from "@gloam/plan";

/** Looks at what goes on in a context, for whoever wants to show or to log it. */
export class StatusTracker {
  readonly #driver: Driver;

  /** @internal */
  constructor(driver: Driver) {
    this.#driver = driver;
  }

  /**
   * The executors that can take tasks now, with what they said last: of tasks and bytes with every task that ended, of
   * memory with every heartbeat (`executor.heartbeatInterval`). None before the first is there, and none after `stop()`.
   *
   * @example
   * await gc.range(10).count();
   * const [executor] = await gc.statusTracker.executors();
   * executor.tasks; // 0
   */
  executors(): Promise<readonly ExecutorStatus[]> {
    return this.#driver.executors();
  }

  /**
   * Bytes of blocks that the driver itself has exchanged with executors in other processes so far: results that came, and
   * broadcasts that went. None in `local[N]`, and none after `stop()`.
   *
   * @example
   * await gc.statusTracker.driverTraffic(); // { fetchedBytes: 0, servedBytes: 0 }
   */
  driverTraffic(): Promise<DriverTraffic> {
    return this.#driver.traffic();
  }
}
