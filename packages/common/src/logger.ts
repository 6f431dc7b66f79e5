import { writeSync } from "node:fs";
import type { Clock } from "./clock.ts";
import { systemClock } from "./clock.ts";
import type { ConfigurationValue } from "./configuration-table.ts";
import { inspect } from "node:util";

/** How serious a message must be to be logged. */
export type LogLevel = ConfigurationValue<"log.level">;

/** Where Gloam's own messages go. A `cause` is shown below the message, with its stack. */
export interface Logger {
  error(message: string, cause?: unknown): void;
  warn(message: string, cause?: unknown): void;
  info(message: string, cause?: unknown): void;
  debug(message: string, cause?: unknown): void;
}

/** What a logger may be given. */
export interface LoggerOptions {
  /** Least serious level that is written; `warn` when left out. */
  readonly level?: LogLevel;
  readonly clock?: Clock;
  /** Takes one or more whole lines; writes to standard error when left out. */
  readonly write?: (lines: string) => void;
}

const ranks: Readonly<Record<LogLevel, number>> = { off: 0, error: 1, warn: 2, info: 3, debug: 4 };

/** Makes a logger whose lines read `2026-03-01T12:00:00.000Z warn message`. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { level = "warn", clock = systemClock, write = writeStandardError } = options;
  const at = (rank: Exclude<LogLevel, "off">) => (message: string, cause?: unknown) => {
    if (ranks[rank] > ranks[level]) return;
    const below = cause === undefined ? "" : `\n${inspect(cause)}`;
    write(`${new Date(clock.now()).toISOString()} ${rank} ${message}${below}`.replaceAll("\n", "\n  ") + "\n");
  };
  return { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug") };
}

/** Synchronous, and not through the main thread: a worker's last words must not be lost. */
function writeStandardError(lines: string): void {
  try {
    writeSync(2, lines);
  } catch {
    // Standard error is closed or full: there is nowhere left to say so.
  }
}
