const slot = Symbol.for("gloam.userModuleLoader");

/**
 * URL of a module that a worker thread has to import before it imports modules of the user; undefined when Node's own
 * loader does, as in programs that were not started by `gloam run`.
 */
export function userModuleLoader(): string | undefined {
  return (globalThis as { [slot]?: string })[slot];
}

/** Sets what `userModuleLoader` gives in this process; for the `gloam` command. */
export function setUserModuleLoader(url: string): void {
  Object.defineProperty(globalThis, slot, { value: url, configurable: true });
}
