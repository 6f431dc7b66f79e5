/** Bytes of blocks that a driver has exchanged with executors in other processes, as they were sent. */
export interface DriverTraffic {
  /** Of results that came from executors. */
  readonly fetchedBytes: number;
  /** Of broadcasts that went to them. */
  readonly servedBytes: number;
}

/** An executor as its driver last heard of it: with every task that ends, and with heartbeats. */
export interface ExecutorStatus {
  readonly executor: string;
  readonly host: string;
  /** Tasks that it takes at once, those that wait behind a running one included. */
  readonly slots: number;
  /** Tasks that it has. */
  readonly tasks: number;
  /** Of its process; in `local[N]` that of the driver, which it is part of. */
  readonly residentBytes: number;
  /** Bytes of blocks that it has fetched from other executors so far, compressed where they were sent so. */
  readonly fetchedBytes: number;
  /** Bytes of blocks that it has sent to others so far, the driver among them; likewise. */
  readonly servedBytes: number;
  /** Cached blocks that made room for others so far: they moved to disk, or were dropped where their level has none. */
  readonly evictedBlocks: number;
}
