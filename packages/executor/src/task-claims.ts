/**
 * Who may run a task that waits in a worker's queue: one cell of shared memory for each waiting task. Exactly one of the
 * worker, which starts it, and its owner, which takes it back, succeeds.
 */
export class TaskClaims {
  readonly #cells: Int32Array;

  /** Attaches to memory that `shared` made. */
  constructor(buffer: SharedArrayBuffer) {
    this.#cells = new Int32Array(buffer);
  }

  /** Memory for so many waiting tasks. */
  static shared(cells: number): SharedArrayBuffer {
    return new SharedArrayBuffer(cells * Int32Array.BYTES_PER_ELEMENT);
  }

  /** The owner puts a task (0 or more) into a cell. */
  offer(cell: number, task: number): void {
    Atomics.store(this.#cells, cell, task + 1);
  }

  /** Takes the task out of the cell; false when the other side has. */
  take(cell: number, task: number): boolean {
    return Atomics.compareExchange(this.#cells, cell, task + 1, 0) === task + 1;
  }
}
