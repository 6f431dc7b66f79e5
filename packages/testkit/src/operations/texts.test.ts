import fc from "fast-check";
import { GloamContext, type Rdd } from "gloam";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runProgram } from "../run-program.ts";

/** Functions that read texts from bytes give what they give for strings. */

let gc: GloamContext;
let directory: string;
beforeAll(() => {
  gc = new GloamContext({ master: "local[2]" });
  directory = mkdtempSync(join(tmpdir(), "gloam-texts-"));
});
afterAll(async () => {
  await gc.stop();
  rmSync(directory, { recursive: true });
});

function countsOf(words: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return sorted([...counts]);
}

function sorted<T>(pairs: readonly (readonly [string, T])[]): [string, T][] {
  return pairs.map(([key, value]): [string, T] => [key, value]).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

const word = fc.constantFrom("a", "the", "naïve", "日本", "😀", "x".repeat(13), "_1", "word-word", "y".repeat(70));
const gap = fc.constantFrom(" ", "  ", "\t", "\u00a0", ",", ", ", "");
const lines = fc.array(
  fc.array(fc.tuple(gap, word, gap), { maxLength: 6 }).map((parts) => parts.flat().join("")),
  { maxLength: 30 },
);
const ends = fc.constantFrom("\n", "\r\n");

test("words are counted as they are in strings", async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(lines, ends, fc.boolean(), async (texts, end, mark) => {
      const file = join(directory, `words-${runs++}`);
      writeFileSync(file, (mark ? "\ufeff" : "") + texts.map((text) => text + end).join(""));
      const text = gc.textFile(file);
      const sum = (a: number, b: number): number => a + b;
      const counted = [
        text.flatMap((line) => line.split(/\s+/)).map((piece) => [piece, 1]),
        text.flatMap((line) => line.split(/\W+/)).map((piece) => [piece, 1]),
        text.flatMap((line) => line.split(" ")).map((piece) => [piece, 1]),
        text.flatMap((line) => line.split(",")).map((piece) => [piece, 1]),
        text.map((line) => [line, 1]),
        text.flatMap((line) => line.split(/\s+/)).map((piece) => [piece.toUpperCase(), 1]),
      ].map(async (pairs) => sorted(await pairs.reduceByKey(sum).collect()));
      expect((await text.distinct().collect()).toSorted()).toEqual([...new Set(texts)].toSorted());
      expect(
        (
          await text
            .flatMap((line) => line.split(" "))
            .distinct()
            .collect()
        ).toSorted(),
      ).toEqual([...new Set(texts.flatMap((line) => line.split(" ")))].toSorted());
      expect(await Promise.all(counted)).toEqual([
        countsOf(texts.flatMap((line) => line.split(/\s+/))),
        countsOf(texts.flatMap((line) => line.split(/\W+/))),
        countsOf(texts.flatMap((line) => line.split(" "))),
        countsOf(texts.flatMap((line) => line.split(","))),
        countsOf(texts),
        countsOf(texts.flatMap((line) => line.split(/\s+/)).map((piece) => piece.toUpperCase())),
      ]);
    }),
    { numRuns: 25 },
  );
});

test("values beside a text's key are of any kind, and combined in any way", async () => {
  const file = join(directory, "kinds");
  writeFileSync(file, "b a é\na\n");
  const words = gc.textFile(file).flatMap((line) => line.split(" "));
  let calls = 0; // in each of the two tasks
  const numbered = words.map((piece) => [piece, `${calls++}`]);
  expect(sorted(await numbered.reduceByKey((a, b) => `${a}+${b}`).collect())).toEqual([
    ["a", "1+0"],
    ["b", "0"],
    ["é", "2"],
  ]);
  const byFirst = { partitions: 2, partition: (piece: string) => piece.charCodeAt(0) % 2 };
  const placed = words.map((piece) => [piece, 1]).reduceByKey((a, b) => a + b, byFirst);
  expect(sorted(await placed.collect())).toEqual([
    ["a", 2],
    ["b", 1],
    ["é", 1],
  ]);
  expect(await words.collect()).toEqual(["b", "a", "é", "a"]);
  expect(await words.map((piece) => [piece, 1]).collect()).toEqual([
    ["b", 1],
    ["a", 1],
    ["é", 1],
    ["a", 1],
  ]);
  const cached = words.map((piece) => [piece, 1]).cache();
  expect([await cached.count(), await cached.keys().collect()]).toEqual([4, ["b", "a", "é", "a"]]);
});

test("numbers are read as they are from strings", async () => {
  const texts = ["1,2.5,-3", "", "é,1", "1e3,0x10, 7 ,", "123456789012345678,0.1", "-0,+1,Infinity"];
  for (const end of ["\n", "\r\n", "\n\n"]) {
    const file = join(directory, `numbers-${end.length}${end.charCodeAt(0)}`);
    writeFileSync(file, texts.join(end));
    const plain = texts.join(end).split(/\r?\n/);
    const parsed = gc.textFile(file).map((line) => line.split(",").map(Number));
    const expected = plain.map((line) => line.split(",").map(Number));
    expect(await parsed.collect()).toEqual(expected);
    const cached = parsed.cache();
    for (let pass = 0; pass < 2; pass++) {
      expect(await cached.collect()).toEqual(expected);
      expect(await cached.map((numbers) => numbers.length).sum()).toBe(expected.flat().length);
    }
    const first = gc
      .textFile(file)
      .map((line) => line.split(",").map(Number))
      .map(([number]) => number);
    expect(await first.collect()).toEqual(expected.map(([number]) => number));
    const floats = gc.textFile(file).map((line) => line.split(",").map((piece) => parseFloat(piece)));
    expect(await floats.cache().collect()).toEqual(plain.map((line) => line.split(",").map(parseFloat)));
  }
});

test("a conversion of another one's is called", async () => {
  const file = join(directory, "own");
  writeFileSync(file, "1,22\n333");
  const lengths = ((Number: (text: string) => number) => gc.textFile(file).map((line) => line.split(",").map(Number)))(
    (text) => text.length,
  );
  expect(await lengths.collect()).toEqual([[1, 2], [3]]);
});

test("functions that executors import do the same", async () => {
  const file = join(directory, "module");
  writeFileSync(file, "1,2 é\n3,4\n3,4");
  const { output, complaints } = await runProgram("reads-texts.mjs", { parameters: [file] });
  expect(complaints).toBe("");
  expect(JSON.parse(output)).toEqual({
    numbers: [
      [1, null],
      [3, 4],
      [3, 4],
    ],
    counted: [
      ["1,2", 1],
      ["3,4", 2],
      ["é", 1],
    ],
  });
});

test("a function behind texts fails with its line", async () => {
  const file = join(directory, "fails");
  writeFileSync(file, "a b\nc d\n");
  const words = gc.textFile(file).flatMap((line) => line.split(" "));
  const fails = words.map((piece) => [piece, (undefined as unknown as { at: number }).at]);
  await expect(fails.reduceByKey((a, b) => a + b).collect()).rejects.toMatchObject({
    code: "GLOAM_TASK_FAILED",
    message: expect.stringContaining("texts.test.ts") as string,
  });
});

test("lines are cut, sorted and joined as strings are", async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(lines, ends, fc.boolean(), fc.boolean(), async (texts, end, mark, ascending) => {
      const file = join(directory, `cut-${runs++}`);
      writeFileSync(file, (mark ? "\ufeff" : "") + texts.map((text) => text + end).join(""));
      const text = gc.textFile(file);
      const saved = async (rdd: Rdd<unknown>): Promise<string[]> => {
        const out = `${file}-out-${runs++}`;
        await rdd.saveAsTextFile(out);
        const parts = readdirSync(out).filter((name) => name.startsWith("part"));
        return parts.toSorted().flatMap((part) => readFileSync(join(out, part), "utf8").split("\n").slice(0, -1));
      };
      const options = { ascending, partitions: 2 };
      const order = <T>(keyOf: (element: T) => string, elements: readonly T[]): T[] =>
        elements.toSorted((a, b) => {
          const [first, second] = [keyOf(a), keyOf(b)];
          return (first < second ? -1 : first > second ? 1 : 0) * (ascending ? 1 : -1);
        });
      // What UTF-8 cannot say is written as U+FFFD.
      const written = (strings: readonly string[]): string[] => strings.map((string) => string.toWellFormed());
      const cut = text.map((line) => [line.slice(0, 3), line.slice(4)]);
      const pairs = order(([key]) => key, texts.map((line): [string, string] => [line.slice(0, 3), line.slice(4)])); // prettier-ignore
      expect(await cut.sortByKey(options).collect()).toEqual(pairs);
      expect(await saved(cut.sortByKey(options).map(([key, rest]) => `${key} ${rest}`))).toEqual(
        written(pairs.map(([key, rest]) => `${key} ${rest}`)),
      );
      expect(await saved(cut.sortByKey(options).values())).toEqual(written(pairs.map(([, rest]) => rest)));
      const byEnd = order((line) => line.slice(-2), texts);
      expect(await saved(text.sortBy((line) => line.slice(-2), options))).toEqual(written(byEnd));
      const byMiddle = text.map((line) => [line.substring(3, 1), line]).sortByKey(options);
      expect(await saved(byMiddle.map((pair) => pair[1] + "\t" + pair[0]))).toEqual(
        written(order((line) => line.substring(3, 1), texts).map((line) => `${line}\t${line.substring(3, 1)}`)),
      );
    }),
    { numRuns: 15 },
  );
});

test("bytes that are no UTF-8 are replaced as in strings", async () => {
  const file = join(directory, "invalid");
  writeFileSync(file, Buffer.from([0x62, 0x2c, 0xff, 0x0a, 0x61, 0x2c, 0xc3, 0xa9, 0x0a]));
  const pairs = gc.textFile(file).map((line) => [line.slice(0, 1), line.slice(2)]).sortByKey(); // prettier-ignore
  expect(await pairs.collect()).toEqual([
    ["a", "é"],
    ["b", "\ufffd"],
  ]);
});
