import { expect, test } from "vitest";
import { decodeLaunchSettings, encodeLaunchSettings, type LaunchSettings } from "./launch-settings.ts";

const settings: LaunchSettings = {
  executor: "executor-1",
  secret: Buffer.alloc(32, 1).toString("base64"),
  driver: { host: "127.0.0.1", port: 4000 },
  host: "127.0.0.1",
  slots: 2,
  tasksPerWorker: 4,
  memoryBytes: 2 ** 30,
  memoryFraction: 0.6,
  storageFraction: 0.5,
  scratchPath: "/tmp/gloam-1",
  freeze: false,
  sourceMaps: false,
  heartbeatInterval: 10_000,
  driverLostTimeout: 60_000,
  decommissionTimeout: 30_000,
};

test("settings are one line, and come back", () => {
  const line = encodeLaunchSettings(settings);
  expect(line.indexOf("\n")).toBe(line.length - 1);
  expect(decodeLaunchSettings(line)).toEqual(settings);
});

test("what is no settings is refused, without a word of what it was", () => {
  const secret = "not base64!";
  for (const line of ["", "nothing", "{}", encodeLaunchSettings({ ...settings, slots: 0, secret })]) {
    expect(() => decodeLaunchSettings(line)).toThrow(expect.objectContaining({ code: "GLOAM_ARGUMENT_INVALID" }));
  }
  expect(() => decodeLaunchSettings(encodeLaunchSettings({ ...settings, secret }))).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining(secret) as string }),
  );
});
