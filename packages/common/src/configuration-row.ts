import type { ConfigurationType } from "./configuration-type.ts";

/** What the machine gives for defaults. */
export interface Machine {
  /** Bytes of memory that this process may use: the machine's, or its container's. */
  readonly memory: number;
  /** Directory for temporary files. */
  readonly temporaryDirectory: string;
}

/** A default that depends on the machine or on `master`. */
export interface DerivedDefault<T> {
  /** For the reference page. */
  readonly words: string;
  of(machine: Machine, master: string): T;
}

/** Whether a default is computed from the machine. */
export function isDerived(value: unknown): value is DerivedDefault<unknown> {
  return typeof value === "object" && value !== null && "of" in value;
}

/** One row of the configuration table. */
export interface ConfigurationDescription<T> {
  readonly type: ConfigurationType<T>;
  readonly default: T | DerivedDefault<T>;
  /** What the value decides. */
  readonly meaning: string;
}

/** For names that need not be there. */
export const nothing: DerivedDefault<string> = { words: "none", of: () => "" };

/** Whether the master is an Apache Mesos cluster. */
export const isMesos = (master: string): boolean => master.startsWith("mesos://");

/** One row: the default is checked against the type. */
export function row<T>(
  type: ConfigurationType<T>,
  defaultValue: NoInfer<T> | DerivedDefault<NoInfer<T>>,
  meaning: string,
): ConfigurationDescription<T> {
  return { type, default: defaultValue, meaning };
}
