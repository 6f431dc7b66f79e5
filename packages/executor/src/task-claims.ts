const mostTickets = 2 ** 31 - 1;

/**
 * Who may run a task that waits in a worker's queue: one cell of shared memory for each waiting task. Exactly one of the
 * worker, which starts it, and its owner, which takes it back, succeeds.
 */
export class TaskClaims {
  readonly #cells: Int32Array;
  #last = 0;

  /** Attaches to memory that `shared` made. */
  constructor(buffer: SharedArrayBuffer) {
    this.#cells = new Int32Array(buffer);
  }

  /** Memory for so many waiting tasks. */
  static shared(cells: number): SharedArrayBuffer {
    return new SharedArrayBuffer(cells * Int32Array.BYTES_PER_ELEMENT);
  }

  /**
   * The owner lets whoever has the ticket take what stands for this cell. Each offer has a ticket of its own: a worker that was told
   * of a task, which was then given to another, still comes to the message, and must not take it from there.
   */
  offer(cell: number): number {
    this.#last = (this.#last % mostTickets) + 1;
    Atomics.store(this.#cells, cell, this.#last);
    return this.#last;
  }

  /** Takes what is offered; false when the other side has, or for a ticket that is not the last. */
  take(cell: number, ticket: number): boolean {
    return Atomics.compareExchange(this.#cells, cell, ticket, 0) === ticket;
  }
}
