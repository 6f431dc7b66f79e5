import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { runProgram } from "../run-program.ts";

/** A mount of its own that nobody else sees: as root, or with a user namespace. */
const unshare = ["unshare", "--map-root-user", "--mount"];
const mount = (size: string): string => `mount -t tmpfs -o size=${size} tmpfs $TMPDIR`;
const canMount = spawnSync("sh", ["-c", `${unshare.join(" ")} sh -c 'TMPDIR=/tmp; ${mount("16k")}'`]).status === 0;

interface Outcome {
  readonly right?: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly hint?: string;
}

type Report = Readonly<Record<"before" | "job" | "after", Outcome>> & {
  readonly full: string;
  readonly left: readonly string[];
};

async function fillDisk(size: string, ...parameters: readonly string[]): Promise<Report> {
  const end = await runProgram("fills-disk.mjs", { parameters, within: unshare, before: mount(size) });
  expect(end.status, end.complaints).toBe(0);
  const report = JSON.parse(end.output) as Report;
  expect(report.before).toMatchObject({ right: true });
  expect(report.after).toMatchObject({ right: true });
  expect(report.left).toEqual([]);
  return report;
}

function expectNamed({ job, full }: Report): void {
  expect(job).toMatchObject({ code: "GLOAM_SCRATCH_UNUSABLE", hint: expect.stringContaining("free space") as string });
  expect(job.message).toContain(full);
  expect(job.message).toContain("ENOSPC");
}

describe.runIf(canMount)("a full disk under executors", () => {
  test.each(["spills", "outputs", "caches"])(
    "is named by a job that needs more of it, and others go on: %s",
    async (kind) => {
      expectNamed(await fillDisk("8m", kind));
    },
    60_000,
  );

  test("is avoided or named where other executors have room", async () => {
    const report = await fillDisk("2g", "outputs", "one");
    if (report.job.right !== true) expectNamed(report);
  }, 60_000);
});
