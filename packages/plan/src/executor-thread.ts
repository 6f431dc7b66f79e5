// A user's module and the executor may hold different copies of this package.
const key = Symbol.for("gloam.executorThread");
const holder = globalThis as { [key]?: boolean };

/** Whether this thread runs tasks: no context can be made here. */
export function isExecutorThread(): boolean {
  return holder[key] === true;
}

/** For executors: says that this thread runs tasks. */
export function markExecutorThread(): void {
  holder[key] = true;
}
