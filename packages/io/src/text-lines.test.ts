import { Buffer } from "node:buffer";
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { KernelContext } from "@gloam/plan";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { textFileNode, textFileSource } from "./text-file-source.ts";
import { textLines } from "./text-lines.ts";
import type { FileSplit } from "./text-splits.ts";

let root: string;
beforeAll(() => void (root = mkdtempSync(join(tmpdir(), "gloam-io-"))));
afterAll(() => rmSync(root, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
}

function read(split: unknown): string[] {
  const reader = textLines.open({ payload: structuredClone(split) } as KernelContext, []);
  const lines: string[] = [];
  try {
    for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
      expect(batch.length).toBe(batch.rows!.length);
      lines.push(...(batch.rows as string[]));
    }
  } finally {
    reader.close?.();
  }
  return lines;
}

async function readAll(paths: string | string[], options: { splitBytes?: number; minPartitions?: number }) {
  const splits = await textFileSource(paths, options).list();
  return { splits, lines: splits.flatMap(read) };
}

test("any text in any number of files and splits gives its lines", async () => {
  const line = fc.oneof(fc.string({ unit: "grapheme", maxLength: 40 }), fc.constantFrom("", "é", "x".repeat(300)));
  const file = fc.record({
    lines: fc.array(
      line.map((text) => text.replace(/[\n\r\uFEFF]/g, "")),
      { maxLength: 20 },
    ),
    end: fc.constantFrom("\n", "\r\n"),
    finalEnd: fc.boolean(),
    mark: fc.boolean(),
    gzip: fc.boolean(),
  });
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(file, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 400 }),
      async (files, splitBytes) => {
        const name = `run-${runs++}`;
        const paths = files.map(({ lines, end, finalEnd, mark, gzip }, index) => {
          const text = (mark ? "\uFEFF" : "") + lines.join(end) + (finalEnd && lines.length > 0 ? end : "");
          return write(`${name}-${index}${gzip && index % 2 ? ".gz" : ""}`, gzip ? gzipSync(text) : text);
        });
        const expected = files.flatMap(({ lines, finalEnd }) =>
          finalEnd || lines.at(-1) !== "" ? lines : lines.slice(0, -1),
        );
        expect((await readAll(paths, { splitBytes })).lines).toEqual(expected);
      },
    ),
    { numRuns: 150 },
  );
});

test("a file larger than a read, in ASCII and not, with long lines", async () => {
  const lines = Array.from({ length: 20_000 }, (_, index) =>
    (index % 50 === 0 ? `ü${index} ` : `${index} `).repeat(index % 20),
  );
  lines[7] = "long ".repeat(200_000);
  const path = write("large.txt", lines.join("\n"));
  for (const splitBytes of [100_000, 1_000_003, 10_000_000]) {
    expect((await readAll(path, { splitBytes })).lines).toEqual(lines);
  }
});

test("a compressed file is one split, known by its name or its first bytes", async () => {
  const text = "line\n".repeat(1_000);
  const named = await readAll(write("a.gz", Buffer.concat([gzipSync(text), gzipSync(text)])), { splitBytes: 10 });
  expect(named.splits).toHaveLength(1);
  expect(named.lines).toHaveLength(2_000);
  const unnamed = await readAll(write("b", gzipSync(text)), { splitBytes: 10 });
  expect(unnamed.splits).toHaveLength(1);
  expect(unnamed.lines).toHaveLength(1_000);
});

test("what a file got after it was listed is not read", async () => {
  const path = write("growing.txt", "a\nb");
  const splits = await textFileSource(path).list();
  write("growing.txt", "a\nbcd\ne");
  expect(splits.flatMap(read)).toEqual(["a", "b"]);
});

test("a file that is gone, cut or damaged is named", async () => {
  const path = write("gone.txt", "a\nb\n");
  const splits = await textFileSource(path, { splitBytes: 2 }).list();
  truncateSync(path, 1);
  expect(() => splits.flatMap(read)).toThrow(
    /GLOAM_INPUT_UNREADABLE.*gone\.txt has 1 bytes; when it was listed it had 4/,
  );
  rmSync(path);
  expect(() => splits.flatMap(read)).toThrow(/GLOAM_INPUT_UNREADABLE.*gone\.txt.*ENOENT/);
  await expect(readAll(write("plain.gz", "plain text"), {})).rejects.toThrow(/GLOAM_INPUT_UNREADABLE.*no gzip header/);
  const damaged = write("damaged.gz", gzipSync("text").subarray(0, -1));
  await expect(readAll(damaged, {})).rejects.toThrow(/GLOAM_INPUT_UNREADABLE.*damaged\.gz/);
});

test("the node lists its files when it is prepared", async () => {
  const path = write("node.txt", "a\nb\nc\nd\n");
  const callSite = { file: "etl.ts", line: 1, column: 1 };
  const ids = { nextNode: () => 1, nextShuffle: () => 2 };
  const node = textFileNode({ operation: "textFile", callSite, ids }, path, { minPartitions: 2 });
  await node.prepare!(new AbortController().signal);
  expect(node.partitionCount()).toBe(2);
  expect([0, 1].flatMap((partition) => read(node.payload!(partition)))).toEqual(["a", "b", "c", "d"]);
  const missing = textFileNode({ operation: "textFile", callSite, ids }, join(root, "none"));
  await expect(missing.prepare!(new AbortController().signal)).rejects.toMatchObject({
    code: "GLOAM_INPUT_NOT_FOUND",
    callSite,
  });
});

test.skipIf(process.platform !== "linux")("closing early closes the file", async () => {
  const path = write("early.txt", "a\n".repeat(100_000));
  const [split] = await textFileSource(path).list();
  const openFiles = (): number => readdirSync("/proc/self/fd").length;
  const before = openFiles();
  for (let round = 0; round < 50; round++) {
    const reader = textLines.open({ payload: split satisfies FileSplit | undefined } as KernelContext, []);
    reader.next();
    reader.close?.();
  }
  expect(openFiles()).toBeLessThan(before + 25);
});
