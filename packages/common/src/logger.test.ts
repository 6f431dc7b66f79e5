import { expect, test } from "vitest";
import { VirtualClock } from "./clock.ts";
import { createLogger, type LogLevel } from "./logger.ts";

function logAll(level: LogLevel): string[] {
  const lines: string[] = [];
  const logger = createLogger({ level, clock: new VirtualClock(0), write: (text) => lines.push(text) });
  for (const rank of ["error", "warn", "info", "debug"] as const) logger[rank](`a ${rank}`);
  return lines;
}

test("what is less serious than the level is left out", () => {
  expect(logAll("off")).toEqual([]);
  expect(logAll("warn")).toEqual([
    "1970-01-01T00:00:00.000Z error a error\n",
    "1970-01-01T00:00:00.000Z warn a warn\n",
  ]);
  expect(logAll("debug")).toHaveLength(4);
});

test("a cause stands below its message, indented", () => {
  const lines: string[] = [];
  const logger = createLogger({ clock: new VirtualClock(0), write: (text) => lines.push(text) });
  logger.error("it broke", new Error("inner"));
  expect(lines[0]).toMatch(/^1970-01-01T00:00:00.000Z error it broke\n {2}Error: inner\n {6}at /);
  expect(lines[0]).toMatch(/\n$/);
});
