const slot = Symbol.for("gloam.commandLineConfiguration");

/**
 * What the `gloam` command was told for the script that it runs: configuration keys with their text, between constructor
 * options and environment in rank. Empty when the program was not started by `gloam run`.
 */
export function commandLineConfiguration(): Readonly<Record<string, string>> {
  return (globalThis as { [slot]?: Readonly<Record<string, string>> })[slot] ?? {};
}

/**
 * Sets what `commandLineConfiguration` gives in this process; for the `gloam` command. Kept under a registered symbol
 * because the script may load another copy of this package than the command.
 */
export function setCommandLineConfiguration(settings: Readonly<Record<string, string>>): void {
  Object.defineProperty(globalThis, slot, { value: Object.freeze({ ...settings }), configurable: true });
}
