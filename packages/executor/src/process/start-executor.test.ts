import { decodeLaunchSettings, encodeLaunchSettings } from "@gloam/protocol";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { IoThreadObserver } from "./io-thread.ts";
import { startExecutor } from "./start-executor.ts";

/** A thread that is lost as soon as it serves. */
vi.mock("./io-thread.ts", () => ({
  IoThread: class {
    readonly port = Promise.resolve(1);

    constructor(_data: unknown, observer: IoThreadObserver) {
      setImmediate(() => observer.onLost(new Error("it crashed")));
    }

    connect(): undefined {
      return undefined;
    }

    usePool(): void {}
  },
}));

test("an executor that loses its thread for blocks while the driver says nothing cannot start, and says why", async () => {
  const scratchPath = mkdtempSync(join(tmpdir(), "gloam-start-"));
  const silent = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => silent.once("listening", resolve));
  const settings = decodeLaunchSettings(
    encodeLaunchSettings({
      executor: "a",
      secret: Buffer.alloc(32).toString("base64"),
      driver: { host: "127.0.0.1", port: (silent.address() as AddressInfo).port },
      host: "127.0.0.1",
      slots: 1,
      tasksPerWorker: 1,
      memoryBytes: 512 * 2 ** 20,
      memoryFraction: 0.6,
      storageFraction: 0.5,
      scratchPath: join(scratchPath, "a"),
      freeze: false,
      sourceMaps: false,
      heartbeatInterval: 1000,
      driverLostTimeout: 10_000,
      decommissionTimeout: 1000,
    }),
  );
  try {
    await expect(startExecutor(settings)).rejects.toThrow("blocks are served no more: it crashed");
  } finally {
    silent.close();
    rmSync(scratchPath, { recursive: true, force: true });
  }
});
