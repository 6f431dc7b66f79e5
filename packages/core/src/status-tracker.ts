import type { Driver, DriverTraffic, ExecutorStatus, JobInfo, StageInfo } from "@gloam/plan";

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
   * Numbers of the jobs that are under way, as `cancelJob` takes them.
   *
   * @example
   * await gc.statusTracker.getActiveJobIds(); // []
   */
  async getActiveJobIds(): Promise<number[]> {
    return (await this.#driver.jobs()).filter(({ status }) => status === "running").map(({ job }) => job);
  }

  /** Numbers of the stages whose tasks run or wait for a slot. */
  async getActiveStageIds(): Promise<number[]> {
    return (await this.#driver.stages()).map(({ stage }) => stage);
  }

  /**
   * Numbers of the jobs of a group, or of those without one where it is left out: those under way, and the last thousand that have ended.
   *
   * @example
   * await gc.range(3).count({ jobGroup: "threes" });
   * (await gc.statusTracker.getJobIdsForGroup("threes")).length; // 1
   */
  async getJobIdsForGroup(group?: string): Promise<number[]> {
    return (await this.#driver.jobs()).filter((each) => each.group === group).map(({ job }) => job);
  }

  /** A job under way, or one of the last thousand that have ended; undefined where it is neither. */
  async getJobInfo(job: number): Promise<JobInfo | undefined> {
    return (await this.#driver.jobs()).find((each) => each.job === job);
  }

  /** A stage whose tasks run or wait for a slot; undefined where they do not. */
  async getStageInfo(stage: number): Promise<StageInfo | undefined> {
    return (await this.#driver.stages()).find((each) => each.stage === stage);
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
