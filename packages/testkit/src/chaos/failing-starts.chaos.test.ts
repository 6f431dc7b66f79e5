import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { faultyContext } from "./faulty-context.ts";
import { Leftovers } from "./leftovers.ts";

/** Node ends at once where this names a file that OpenSSL cannot read. */
const harm = "OPENSSL_CONF";
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "gloam-openssl-"));
  writeFileSync(join(directory, "openssl.cnf"), "}{");
});
afterAll(() => rmSync(directory, { recursive: true }));
const before = process.env[harm];
afterEach(() => {
  if (before === undefined) delete process.env[harm];
  else process.env[harm] = before;
});

async function expectNoExecutors(conf: Readonly<Record<string, string>>): Promise<void> {
  const leftovers = new Leftovers();
  const lives = new Int32Array(new SharedArrayBuffer(8));
  const gc = faultyContext("local-cluster[1,1,512]", conf, { lives: lives.buffer });
  const message = expect.stringMatching(/end as soon as they are started: it exited with code \d/) as string;
  const failure = { code: "GLOAM_WORKER_LOST", message };
  try {
    const [first, ready] = await Promise.allSettled([gc.range(10).count(), gc.ready()]);
    expect(first).toMatchObject({ status: "rejected", reason: failure });
    expect(ready).toMatchObject({ status: "rejected", reason: failure });
    expect(Atomics.load(lives, 0)).toBe(5);
    // Nor is it tried again for later ones.
    await expect(gc.range(10).count()).rejects.toMatchObject(failure);
    expect(Atomics.load(lives, 0)).toBe(5);
  } finally {
    await gc.stop();
  }
  await leftovers.expectNone();
}

test("jobs fail with the reason after five starts of executors whose executable fails", async () => {
  // Executors have the driver's environment.
  process.env[harm] = join(directory, "openssl.cnf");
  await expectNoExecutors({});
}, 60_000);

test("jobs fail with the reason after five starts of executors that find no directory for their files", async () => {
  await expectNoExecutors({ "local.dir": "/dev/null" });
}, 60_000);
