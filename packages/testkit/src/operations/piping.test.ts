import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import fc from "fast-check";
import { GloamContext } from "gloam";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { numbers, shapes, sliced } from "./sequences.ts";

let directory: string;
beforeAll(() => (directory = mkdtempSync(join(tmpdir(), "gloam-piping-"))));
afterAll(() => rmSync(directory, { recursive: true }));

const after = async (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Whether a process is there and no zombie. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** The ids that commands wrote to a file, once there are as many. */
async function pidsIn(file: string, count: number): Promise<number[]> {
  for (;;) {
    const pids = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean).map(Number) : [];
    if (pids.length >= count) return pids;
    await after(20);
  }
}

async function expectEnded(pids: readonly number[]): Promise<void> {
  for (let tries = 0; pids.some(isRunning) && tries < 100; tries++) await after(20);
  expect(pids.filter(isRunning)).toEqual([]);
}

onEveryMaster("piping", (gc) => {
  describe.each(shapes)("$length elements in $partitions partitions", ({ length, partitions }) => {
    const elements = numbers(length);

    test("one process for each partition", async () => {
      const rdd = gc().parallelize(elements, partitions);
      expect(await rdd.pipe("cat").collect()).toEqual(elements.map(String));
      const counts = sliced(elements, partitions).map((slice) => `${slice.length}`);
      expect((await rdd.pipe(["wc", "-l"]).collect()).map((line) => line.trim())).toEqual(counts);
    });
  });

  test("random texts", async () => {
    // A line feed makes another line, and a carriage return before it is part of the end, as in files.
    const text = fc.string({ unit: "grapheme", maxLength: 20 }).map((s) => s.replaceAll(/[\r\n]/g, ""));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 30 }), fc.integer({ min: 1, max: 3 }), async (texts, n) => {
        const wellFormed = texts.map((s) => Buffer.from(s).toString());
        expect(await gc().parallelize(texts, n).pipe("cat").collect()).toEqual(wellFormed);
      }),
      { numRuns: 10 },
    );
  });

  test("texts larger than any buffer, both ways at the same time", async () => {
    const long = gc()
      .range(2000, { partitions: 2 })
      .map((x) => `${x} ${"x".repeat(5000)}`);
    const back = long.pipe("cat").map((line) => [Number(line.split(" ")[0]), line.length]);
    expect(await back.collect()).toEqual(numbers(2000).map((x) => [x, `${x}`.length + 5001]));
    const more = gc().range(2, { partitions: 2 }).pipe(["sh", "-c", "cat >/dev/null; seq 200000"]);
    expect(await more.count()).toBe(400_000);
    expect(await more.slice(1).filter((line) => Number(line) % 50_000 === 0).collect()).toEqual(["50000", "100000", "150000", "200000"]); // prettier-ignore
  });

  test("a last line without an end, empty lines, and no lines", async () => {
    const rdd = gc().range(1, { partitions: 1 });
    expect(await rdd.pipe(["printf", "a\\n\\nb"]).collect()).toEqual(["a", "", "b"]);
    expect(await rdd.pipe(["printf", "\\n"]).collect()).toEqual([""]);
    expect(await rdd.pipe("true").collect()).toEqual([]);
    expect(await rdd.pipe(["printf", "a\\r\\nb\\r\\n"]).collect()).toEqual(["a", "b"]);
  });

  test("a command that reads no further ends well, and the rest is not computed", async () => {
    const rdd = gc()
      .range(10_000_000, { partitions: 1 })
      .map((x) => {
        if (x > 5_000_000) throw new Error("computed in vain");
        return x;
      });
    expect(await rdd.pipe("head -n 2").collect()).toEqual(["0", "1"]);
    expect(await rdd.pipe("cat").take(2)).toEqual(["0", "1"]);
  });

  test("variables, directories of their own, and what is printed", async () => {
    const rdd = gc().parallelize(["a", "b"], 2);
    const env = { GLOAM_PIPED: "here" };
    expect(await rdd.pipe(["sh", "-c", "cat >/dev/null; echo $GLOAM_PIPED $HOME"], { env }).collect()).toEqual(
      Array(2).fill(`here ${process.env["HOME"] ?? ""}`.trim()),
    );
    const places = await rdd.pipe(["sh", "-c", "pwd; touch made"], { separateWorkingDir: true }).collect();
    expect(new Set(places).size).toBe(2);
    expect(places.filter((place) => existsSync(place))).toEqual([]);
    const greeting = "hello";
    const printed = rdd.pipe("cat", {
      printPipeContext: (print) => print(greeting),
      printElement(text, print) {
        for (let i = 0; i < 2; i++) print(`${text}${i}`);
      },
    });
    expect(await printed.collect()).toEqual(["hello", "a0", "a1", "hello", "b0", "b1"]);
    expect(await gc().parallelize<string>([], 1).pipe("cat", { printPipeContext: (print) => print("x") }).collect()).toEqual(["x"]); // prettier-ignore
  });

  test("before and behind other operations", async () => {
    const rdd = gc().range(3000, { partitions: 2 });
    const slow = rdd.mapAsync(async (x) => Promise.resolve(x)).pipe("cat").mapAsync(async (x) => Promise.resolve(Number(x))); // prettier-ignore
    expect(await slow.sum()).toBe((3000 * 2999) / 2);
    const lines = rdd.pipe("cat").cache();
    expect(await lines.zip(rdd).filter(([line, x]) => Number(line) !== x).count()).toBe(0); // prettier-ignore
    expect(await lines.coalesce(1).pipe("cat").mapPartitions((xs) => [[...xs].length]).collect()).toEqual([3000]); // prettier-ignore
    expect(await lines.map((line) => [line.length, 1]).reduceByKey((a, b) => a + b).sortByKey().collect()).toEqual([[1, 10], [2, 90], [3, 900], [4, 2000]]); // prettier-ignore
    expect(await rdd.pipe("cat").union(rdd.pipe("cat")).count()).toBe(6000);
  });

  test("commands that fail", async () => {
    const rdd = gc().range(10, { partitions: 1 });
    await expect(rdd.pipe("gloam-no-such-command").count()).rejects.toMatchObject({
      code: "GLOAM_PIPE_FAILED",
      operation: "pipe",
      message: expect.stringContaining("gloam-no-such-command cannot be started: there is no such command") as string,
    });
    const failing = rdd.pipe(["sh", "-c", "echo out; echo wrong >&2; exit 3"]);
    await expect(failing.collect()).rejects.toThrow(/GLOAM_PIPE_FAILED: .* ended with status 3: wrong/);
    await expect(rdd.pipe(["sh", "-c", "kill -9 $$"]).collect()).rejects.toThrow(/was ended by SIGKILL/);
    await expect(rdd.pipe("false").count()).rejects.toThrow("the command false ended with status 1");
    await expect(rdd.pipe(tmpdir()).count()).rejects.toThrow("GLOAM_PIPE_FAILED");
  });

  test("a function before it that throws ends the command", async () => {
    const file = join(directory, `thrown-${gc().configuration.get("master")}`);
    const broken = gc().range(2, { partitions: 1 }).map((x) => (x === 1 ? (null as never as { y: number }).y : x)); // prettier-ignore
    const piped = broken.pipe(["sh", "-c", `echo $$ >> '${file}'; cat; sleep 100`]);
    await expect(piped.count()).rejects.toMatchObject({ code: "GLOAM_TASK_FAILED", operation: "map" });
    // It may have been ended before it wrote anything.
    await expectEnded(existsSync(file) ? await pidsIn(file, 0) : []);
  });

  test("cancelling ends commands and what they have started", async () => {
    const file = join(directory, `cancelled-${gc().configuration.get("master")}`);
    const script = `sleep 1000 & echo $! >> '${file}'; echo $$ >> '${file}'; cat; wait`;
    const piped = gc().range(4, { partitions: 2 }).coalesce(1).pipe(["sh", "-c", script]);
    const controller = new AbortController();
    const job = expect(piped.count({ signal: controller.signal })).rejects.toMatchObject({
      code: "GLOAM_JOB_CANCELLED",
    });
    const pids = await pidsIn(file, 2);
    expect(pids.every(isRunning)).toBe(true);
    controller.abort();
    await job;
    await expectEnded(pids);
    expect(await gc().range(3).pipe("cat").count()).toBe(3);
  });

  test("arguments that are not valid", () => {
    const rdd = gc().range(4);
    for (const command of ["", " ", [], [""], [1], undefined])
      expect(() => rdd.pipe(command as never)).toThrow("GLOAM_ARGUMENT_INVALID: expected a command");
    expect(() => rdd.pipe("cat", { env: { A: 1 } as never })).toThrow("GLOAM_ARGUMENT_INVALID: the variable A");
    expect(() => rdd.pipe("cat", { printElement: 3 as never })).toThrow("GLOAM_ARGUMENT_INVALID: expected a function");
  });
});

test("commands end with the context, and leave no directories", async () => {
  const file = join(directory, "stopped");
  for (const master of ["local[2]", "local-cluster[1,1,512]"]) {
    rmSync(file, { force: true });
    const gc = new GloamContext({ master, conf: { "local.dir": directory } });
    const [place = ""] = await gc.range(1).pipe(["sh", "-c", "pwd"], { separateWorkingDir: true }).collect();
    // That of the executor, which may be on another machine than the directories that the driver knows.
    expect(basename(dirname(place))).toMatch(/^gloam-\d+-/);
    const script = `echo $$ >> '${file}'; sleep 1000`;
    const piped = gc.range(1, { partitions: 1 }).pipe(["sh", "-c", script], { separateWorkingDir: true });
    const job = expect(piped.count()).rejects.toMatchObject({ code: expect.stringContaining("GLOAM_") as string });
    const pids = await pidsIn(file, 1);
    await gc.stop();
    await job;
    await expectEnded(pids);
    expect(readdirSync(directory).filter((name) => name.startsWith("gloam-"))).toEqual([]);
  }
});
