import { GloamContext } from "gloam";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runProgram, type ProgramOptions } from "./run-program.ts";

/** A mount of its own that nobody else sees: as root, or with a user namespace. */
const unshare = ["unshare", "--map-root-user", "--mount"];
const mount = "mount -t tmpfs -o size=16k tmpfs $TMPDIR";
const canMount = spawnSync("sh", ["-c", `${unshare.join(" ")} sh -c 'TMPDIR=/tmp; ${mount}'`]).status === 0;

async function start(options: ProgramOptions = {}): Promise<Record<string, unknown>> {
  const end = await runProgram("starts.mjs", options);
  expect(end).toMatchObject({ status: 0, complaints: "" });
  return JSON.parse(end.output) as Record<string, unknown>;
}

// What is not tried here where nothing can be mounted, `scratch-directory.test.ts` does with failing file operations.
describe("a directory for temporary files", () => {
  test("that can be used is left empty", async () => {
    expect(await start()).toMatchObject({ sum: 10, left: [] });
  });

  test("that cannot be used is no reason to refuse another", async () => {
    expect(() => new GloamContext({ conf: { "local.dir": "/dev/null" } })).toThrow("GLOAM_SCRATCH_UNUSABLE");
    const gc = new GloamContext({ master: "local[1]" });
    try {
      expect(await gc.range(5).sum()).toBe(10);
    } finally {
      await gc.stop();
    }
  });

  const mistakes: Record<string, ProgramOptions & { readonly errno: string; readonly hint: string }> = {
    "that is missing": { parameters: ["/dev/shm/is/missing"], errno: "ENOENT", hint: "make the directory" },
    "below a file": { parameters: ["/dev/null/below"], errno: "ENOTDIR", hint: "is not a directory" },
    "that is a file": { parameters: ["/dev/null"], errno: "ENOTDIR", hint: "is not a directory" },
    "where files may not grow": { before: "trap '' XFSZ; ulimit -f 0", errno: "EFBIG", hint: "ulimit -f" },
  };
  const mountedMistakes: typeof mistakes = {
    "that is read-only": {
      within: unshare,
      before: `${mount} && mount -o remount,ro $TMPDIR`,
      errno: "EROFS",
      hint: "is read-only",
    },
    "that is full": {
      within: unshare,
      before: `${mount} && head -c 16384 /dev/zero > $TMPDIR/full`,
      errno: "ENOSPC",
      hint: "free space",
    },
  };

  async function expectRefused({ errno, hint, ...options }: (typeof mistakes)[string]): Promise<void> {
    const report = await start(options);
    expect(report).toMatchObject({ code: "GLOAM_SCRATCH_UNUSABLE", errno });
    expect(report.hint).toContain(hint);
    expect(report.hint).toContain("local.dir");
    expect(report.stack).toMatch(/GLOAM_SCRATCH_UNUSABLE[^]*local\.dir[^]*new GloamContext[^]*starts\.mjs:\d+/);
    expect(report.left).toEqual([]);
  }

  test.each(Object.keys(mistakes))("%s is reported when a context starts", async (name) => {
    await expectRefused(mistakes[name]!);
  });

  test("that may not be written in is reported when a context starts", async () => {
    const directory = mkdtempSync(join(tmpdir(), "gloam-others-"));
    try {
      chmodSync(directory, 0o555);
      // Root may write anywhere: it becomes nobody.
      const parameters = process.geteuid?.() === 0 ? [directory, "65534"] : [directory];
      await expectRefused({ parameters, errno: "EACCES", hint: "let this user write" });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test.runIf(canMount).each(Object.keys(mountedMistakes))("%s is reported when a context starts", async (name) => {
    await expectRefused(mountedMistakes[name]!);
  });
});
