/** Where another executor serves blocks. */
export interface ExecutorAddress {
  /** The executor's id, which it has to prove. */
  readonly executor: string;
  readonly host: string;
  readonly port: number;
}

/** One segment of an output that another executor holds: what stands for an `OutputHandle` there. Plain data. */
export interface RemoteSegment extends ExecutorAddress {
  readonly store: number;
  readonly output: number;
  readonly segment: number;
  /** Bytes of each of its chunks, in order. */
  readonly chunkBytes: readonly number[];
}
