import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { nodeFileOperations, type FileOperations } from "./file-operations.ts";
import { attachMemoryPool, createMemoryPool } from "./memory-pool.ts";
import { ScratchDirectory, scratchDirectoryPath } from "./scratch-directory.ts";
import { TaskAccount } from "./task-account.ts";

let local: string;
beforeEach(() => void (local = mkdtempSync(join(tmpdir(), "gloam-storage-"))));
afterEach(() => rmSync(local, { recursive: true, force: true }));

function directory(operations?: Partial<FileOperations>, parent = local): ScratchDirectory {
  return new ScratchDirectory({
    path: scratchDirectoryPath(parent, 12, "ab"),
    prefix: "t0",
    operations: { ...nodeFileOperations, ...operations },
  });
}

function failing(code: string): () => never {
  return () => {
    throw Object.assign(new Error(`${code}: no luck`), { code });
  };
}

function errorOf(action: () => void): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

test("is made with the first file and removed with everything in it", () => {
  const scratch = directory();
  expect(readdirSync(local)).toEqual([]);
  scratch.createFile("named").append(Uint8Array.of(1));
  expect(readdirSync(local)).toEqual(["gloam-12-ab"]);
  scratch.remove();
  scratch.remove();
  expect(readdirSync(local)).toEqual([]);
});

test("a file gives back what was appended, at any time and in any sizes", () => {
  const length = fc.oneof(fc.nat(50), fc.nat(150_000), fc.constantFrom(65_535, 65_536, 65_537));
  fc.assert(
    fc.property(fc.array(fc.tuple(length, fc.boolean()), { maxLength: 12 }), (pieces) => {
      const file = directory().createFile("private");
      const appended: { offset: number; bytes: Uint8Array }[] = [];
      const check = ({ offset, bytes }: (typeof appended)[number]): void => {
        expect(Buffer.compare(file.read(offset, bytes.length), bytes)).toBe(0);
      };
      for (const [index, [bytes, readNow]] of pieces.entries()) {
        const piece = new Uint8Array(bytes).fill(index + 1);
        appended.push({ offset: file.append(piece), bytes: piece });
        if (readNow) check(appended[0]!);
      }
      appended.forEach(check);
      expect(file.length).toBe(pieces.reduce((sum, [bytes]) => sum + bytes, 0));
      file.delete();
    }),
    { numRuns: 60 },
  );
});

test.skipIf(process.platform === "win32")("a private file has no name, so that a killed process leaves none", () => {
  const scratch = directory();
  scratch.createFile("private").append(new Uint8Array(100_000));
  expect(readdirSync(scratch.path)).toEqual([]);
});

test("a named file can be deleted by path, also twice", () => {
  const scratch = directory();
  const file = scratch.createFile("named");
  file.close();
  expect(existsSync(file.path)).toBe(true);
  directory().deleteFile(file.path);
  scratch.deleteFile(file.path);
  expect(existsSync(file.path)).toBe(false);
});

test("a missing parent, or a file in its place, is reported with directory and errno", () => {
  expect(() => directory({}, join(local, "missing")).createFile("private")).toThrow(
    /GLOAM_SCRATCH_UNUSABLE.*missing.*ENOENT/,
  );
  writeFileSync(join(local, "file"), "");
  expect(() => directory({}, join(local, "file")).createFile("private")).toThrow(
    /GLOAM_SCRATCH_UNUSABLE.*file.*ENOTDIR/,
  );
});

test.each(["EROFS", "EACCES", "ENOSPC"])("%s when the directory is made or the file is opened is reported", (code) => {
  expect(() => directory({ mkdirSync: failing(code) }).createFile("private")).toThrow(
    new RegExp(`GLOAM_SCRATCH_UNUSABLE.*gloam-12-ab.*${code}`),
  );
  expect(() => directory({ openSync: failing(code) }).createFile("private")).toThrow(
    new RegExp(`GLOAM_SCRATCH_UNUSABLE.*gloam-12-ab.*${code}`),
  );
});

test("a directory that can be used is as before once it has been tried", () => {
  const scratch = directory();
  scratch.probe();
  expect(readdirSync(local)).toEqual([]);
  scratch.createFile("named").append(Uint8Array.of(1));
  expect(readdirSync(scratch.path)).toHaveLength(1);
});

test.each([
  ["openSync", "EROFS", /read-only: name another directory/],
  ["openSync", "EACCES", /let this user write in/],
  ["openSync", "EPERM", /let this user write in/],
  ["openSync", "ENOSPC", /free space or inodes/],
  ["writeSync", "ENOSPC", /free space or inodes/],
  ["writeSync", "EDQUOT", /quota/],
  ["writeSync", "EFBIG", /ulimit -f/],
  ["writeSync", "EIO", /local\.dir/],
] as const)(
  "trying a directory where %s fails with %s reports it, says what to do and leaves nothing",
  (name, code, hint) => {
    const opened: number[] = [];
    const closed: number[] = [];
    const scratch = directory({
      openSync: (path, flags, mode) => {
        const file = nodeFileOperations.openSync(path, flags, mode);
        opened.push(file);
        return file;
      },
      closeSync: (file) => {
        closed.push(file);
        nodeFileOperations.closeSync(file);
      },
      [name]: failing(code),
    });
    expect(errorOf(() => scratch.probe())).toMatchObject({
      code: "GLOAM_SCRATCH_UNUSABLE",
      message: expect.stringMatching(new RegExp(`gloam-12-ab.*${code}`)) as string,
      hint: expect.stringMatching(hint) as string,
      cause: { code },
    });
    expect(readdirSync(local)).toEqual([]);
    expect(closed).toEqual(opened);
  },
);

test("trying a missing parent, or a file in its place, reports it and says what to do", () => {
  const missing = join(local, "missing");
  expect(errorOf(() => directory({}, missing).probe())).toMatchObject({
    code: "GLOAM_SCRATCH_UNUSABLE",
    hint: `make the directory ${missing}, or name another directory with the configuration key local.dir`,
    cause: { code: "ENOENT" },
  });
  writeFileSync(join(local, "file"), "");
  expect(errorOf(() => directory({}, join(local, "file", "below")).probe())).toMatchObject({
    code: "GLOAM_SCRATCH_UNUSABLE",
    hint: expect.stringContaining("is not a directory") as string,
    cause: { code: "ENOTDIR" },
  });
});

test("a disk that fills up in the middle is reported, after partial writes too", () => {
  let free = 100_000;
  const scratch = directory({
    writeSync: (file, bytes, offset, length, position) => {
      if (free === 0) failing("ENOSPC")();
      const part = Math.min(length, free, 30_000);
      free -= part;
      return nodeFileOperations.writeSync(file, bytes, offset, part, position);
    },
  });
  const file = scratch.createFile("private");
  const bytes = new Uint8Array(90_000).map((_, index) => index % 253);
  file.append(bytes);
  expect(Buffer.compare(file.read(0, 90_000), bytes)).toBe(0);
  expect(() => file.append(bytes)).toThrow(/GLOAM_SCRATCH_UNUSABLE.*gloam-12-ab.*ENOSPC/);
  file.delete();
});

test("a file that was cut is reported", () => {
  const scratch = directory({ readSync: () => 0 });
  const file = scratch.createFile("private");
  file.append(new Uint8Array(10));
  expect(() => file.read(0, 10)).toThrow(/GLOAM_SCRATCH_UNUSABLE.*ends at 0/);
});

test("a task's memory and scratch files end with it", () => {
  const pool = attachMemoryPool(createMemoryPool({ totalBytes: 2 ** 24, slots: 1, heapBudget: 5 }));
  const closed: number[] = [];
  const scratch = directory({
    closeSync: (file) => {
      closed.push(file);
      nodeFileOperations.closeSync(file);
    },
  });
  const task = new TaskAccount(pool, 0, scratch);
  expect(task.guaranteed).toBe(2 ** 22);
  expect(task.heapBudget).toBe(5);
  expect(task.acquire(2 ** 23)).toBe(true);
  task.release(2 ** 22);
  task.createScratch().append(new Uint8Array(10));
  task.createScratch().delete();
  expect(task.scratchBytes).toBe(10);
  expect(task.peakBytes).toBe(2 ** 23);
  expect(pool.usage()).toMatchObject({ activeSlots: 1 });
  task.end();
  expect(closed).toHaveLength(2);
  expect(pool.usage()).toEqual({ activeSlots: 0, executionBytes: 0, storageBytes: 0 });
});
