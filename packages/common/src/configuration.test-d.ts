import { expectTypeOf, test } from "vitest";
import type { Configuration, ConfigurationSettings } from "./configuration.ts";

declare const configuration: Configuration;

test("get is typed by key", () => {
  expectTypeOf(configuration.get("executor.memory")).toEqualTypeOf<number>();
  expectTypeOf(configuration.get("master")).toEqualTypeOf<string>();
  expectTypeOf(configuration.get("scheduler.mode")).toEqualTypeOf<"FIFO" | "FAIR">();
  expectTypeOf(configuration.get("debug.freeze")).toEqualTypeOf<boolean>();
  expectTypeOf(configuration.get("task.maxFailures")).toEqualTypeOf<number>();
  // @ts-expect-error there is no such key
  configuration.get("executor.memroy");
});

test("settings take parsed values and text", () => {
  expectTypeOf<{ "executor.memory": string; speculation: true }>().toExtend<ConfigurationSettings>();
  expectTypeOf<{ "executor.memory": boolean }>().not.toExtend<ConfigurationSettings>();
});
