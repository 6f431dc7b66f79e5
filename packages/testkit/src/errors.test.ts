import { GloamContext, isGloamError, type Rdd } from "gloam";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runProgram } from "./run-program.ts";

let gc: GloamContext;
let directory: string;
beforeAll(() => {
  gc = new GloamContext({ master: "local[2]" });
  directory = mkdtempSync(join(tmpdir(), "gloam-errors-"));
});
afterAll(async () => {
  await gc.stop();
  rmSync(directory, { recursive: true });
});

/** What a function or promise throws. */
async function errorOf(action: () => unknown): Promise<Error & { code?: unknown; hint?: unknown }> {
  try {
    await action();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

/** The one-based line of a file that holds a text. */
function lineOf(file: string, text: string): number {
  return (
    readFileSync(file, "utf8")
      .split("\n")
      .findIndex((line) => line.includes(text)) + 1
  );
}

class Point {
  readonly x: number;
  constructor(x: number) {
    this.x = x;
  }
}

const thisFile = fileURLToPath(import.meta.url);
const small = (): Rdd<number> => gc.range(0, 20, { partitions: 5 });
const fail = (): never => {
  throw new TypeError("made to fail"); // the line that throws
};

test("a refusal names the variable's declaration and the call in the same way", async () => {
  const other = small(); // the captured variable
  const { message } = await errorOf(() => small().map((x) => [x, typeof other])); // the call that is refused
  const file = relative(process.cwd(), thisFile);
  expect(message).toContain(`(${file}:${lineOf(thisFile, "// the call that is refused")}:`);
  expect(message).toContain(`captures 'other' (${file}:${lineOf(thisFile, "// the captured variable")})`);
});

describe("a function that throws", () => {
  test("is named with its line, its operation's call site, partition and attempt, and its stack is the cause", async () => {
    const error = await errorOf(() =>
      small()
        .map((x) => x + 1)
        .filter((x) => (x === 14 ? fail() : true)) // the operation that fails
        .map((x) => x * 2)
        .collect(),
    );
    expect(isGloamError(error)).toBe(true);
    expect(error.code).toBe("GLOAM_TASK_FAILED");
    const operationLine = lineOf(thisFile, "// the operation that fails");
    expect(error.message).toMatch(new RegExp(`errors\\.test\\.ts:${operationLine}:\\d+, in filter`));
    expect(error.message).toMatch(/partition 3, attempt 1\b/);
    expect(error.message).toContain("TypeError: made to fail");
    expect(error).toMatchObject({ callSite: { file: thisFile, line: operationLine } });
    const cause = error.cause as Error;
    expect(cause).toMatchObject({ name: "TypeError", message: "made to fail" });
    expect(cause.stack).toContain(`errors.test.ts:${lineOf(thisFile, "// the line that throws")}:`);
    expect(cause.stack).toContain(`errors.test.ts:${operationLine}:`);
    // And that of the error itself begins with it, without what lies in Gloam.
    const lines = error.stack!.slice(error.message.length).trim().split("\n").slice(1);
    expect(lines[0]).toContain(`errors.test.ts:${lineOf(thisFile, "// the line that throws")}:`);
    expect(lines.at(-1)).toContain(`at filter (${thisFile}:${operationLine}:`);
    expect(error.stack).not.toMatch(/gloam-generated|packages\/(?:cluster|core|executor)\//);
  });

  test.each([
    ["throws.mjs", []],
    ["throws.ts", ["--import", "tsx"]],
  ] as const)("is named with its own line in %s", async (name, nodeOptions) => {
    const file = fileURLToPath(new URL(`./programs/${name}`, import.meta.url));
    const end = await runProgram(name, { nodeOptions });
    expect(end).toMatchObject({ status: 0, complaints: "" });
    const error = JSON.parse(end.output) as Record<"code" | "message" | "stack", string> & { callSite: unknown };
    expect(error).toMatchObject({ code: "GLOAM_TASK_FAILED", callSite: { file, line: lineOf(file, ".filter(") } });
    expect(error.message).toContain("order 7 is wrong");
    expect(error.stack).toContain(`${file}:${lineOf(file, "throw new RangeError")}:`);
  });

  const failing: Readonly<Record<string, () => Promise<unknown>>> = {
    map: () => small().map(fail).count(),
    flatMap: () => small().flatMap(fail).count(),
    mapPartitions: () => small().mapPartitions(fail).count(),
    mapAsync: () =>
      small()
        .mapAsync(async () => Promise.reject(new TypeError("made to fail")))
        .count(),
    keyBy: () => small().keyBy(fail).count(),
    groupBy: () => small().groupBy(fail).count(),
    sortBy: () => small().sortBy(fail).count(),
    reduceByKey: () => pairs().reduceByKey(fail).count(),
    aggregateByKey: () => pairs().aggregateByKey(0, fail, fail).count(),
    combineByKey: () => pairs().combineByKey(fail, fail, fail).count(),
    mapValues: () => pairs().mapValues(fail).count(),
    reduce: () => small().reduce(fail),
    fold: () => small().fold(0, fail),
    aggregate: () => small().aggregate(0, fail, fail),
    forEach: () => small().forEach(fail),
    top: () => small().top(3, fail),
  };
  const pairs = (): Rdd<[number, number]> => small().map((x) => [x % 3, x]);

  test.each(Object.keys(failing))("in %s is reported for that operation", async (operation) => {
    const error = await errorOf(failing[operation]!);
    expect(error).toMatchObject({ code: "GLOAM_TASK_FAILED", cause: { message: "made to fail" } });
    expect(error.message).toMatch(new RegExp(`errors\\.test\\.ts:\\d+:\\d+, in ${operation}\\b`));
  });

  test.each([["text"], [undefined], [null], [42], [{ plain: "object" }]])("may throw %s", async (thrown) => {
    const error = await errorOf(() =>
      small()
        .map(() => {
          // oxlint-disable-next-line only-throw-error -- user functions do
          throw thrown;
        })
        .count(),
    );
    expect(error.code).toBe("GLOAM_TASK_FAILED");
    expect(error.cause).toEqual(thrown);
  });

  test.each(["flatMap", "flatMapValues"] as const)(
    "%s says that what its function gave is not iterable",
    async (name) => {
      for (const given of [undefined, 7]) {
        const give = (): number[] => given as unknown as number[];
        const error = await errorOf(() =>
          (name === "flatMap" ? small().flatMap(give) : pairs().flatMapValues(give)).count(),
        );
        expect(error).toMatchObject({
          code: "GLOAM_TASK_FAILED",
          hint: expect.stringContaining("return an array") as string,
        });
        expect(error.message).toContain("the function gave undefined, a number or another value that is not iterable");
        expect(error.message).toMatch(new RegExp(`errors\\.test\\.ts:\\d+:\\d+, in ${name}\\b`));
      }
    },
  );

  test("of iterating something of its own keeps that error", async () => {
    const c0 = (): number[] => 7 as unknown as number[];
    const error = await errorOf(() =>
      small()
        .flatMap(() => [...c0()])
        .count(),
    );
    expect(error.cause).toMatchObject({ name: "TypeError" });
    expect(error.message).toContain("a function of flatMap threw");
  });

  test("keeps its error's class name, properties and cause", async () => {
    class OrderError extends Error {
      override readonly name = "OrderError";
      readonly order: number;
      constructor(order: number) {
        super(`order ${order}`, { cause: new Error("the deeper cause") });
        this.order = order;
      }
    }
    const error = await errorOf(() =>
      small()
        .map((x) => {
          if (x === 8) throw new OrderError(x);
          return x;
        })
        .count(),
    );
    expect(error.cause).toMatchObject({ name: "OrderError", order: 8, cause: { message: "the deeper cause" } });
  });

  test("does not break the context", async () => {
    await errorOf(() => small().map(fail).count());
    expect(await small().count()).toBe(20);
  });
});

/** As a program of plain JavaScript sees it. */
function untyped(rdd: Rdd<unknown>): Rdd<[unknown, unknown]> {
  return rdd as Rdd<[unknown, unknown]>;
}

describe("what is no pair is refused by", () => {
  const operations: Readonly<Record<string, (pairs: Rdd<[unknown, unknown]>) => Rdd<unknown>>> = {
    reduceByKey: (pairs) => pairs.reduceByKey((a) => a),
    groupByKey: (pairs) => pairs.groupByKey(),
    partitionBy: (pairs) => pairs.partitionBy(2),
    sortByKey: (pairs) => pairs.sortByKey(),
    mapValues: (pairs) => pairs.mapValues((value) => value),
    flatMapValues: (pairs) => pairs.flatMapValues(() => [1]),
    keys: (pairs) => pairs.keys(),
    values: (pairs) => pairs.values(),
    join: (pairs) => pairs.join(gc.parallelize([["a", 1]])),
    cogroup: (pairs) => pairs.cogroup(gc.parallelize([["a", 1]])),
  };
  test.each(Object.keys(operations))("%s", async (operation) => {
    for (const element of [5, "ab", { key: 1 }, new Map([[1, 2]])]) {
      const elements = untyped(gc.parallelize([["a", 1], element], 1));
      const error = await errorOf(() => operations[operation]!(elements).collect());
      expect(error).toMatchObject({ code: "GLOAM_ELEMENT_INVALID" });
      expect(error.message).toMatch(new RegExp(`errors\\.test\\.ts:\\d+:\\d+, in ${operation}\\b`));
    }
  });

  test("none of them where key and value are undefined", async () => {
    const elements = gc.parallelize([[undefined, undefined], ["a", undefined]], 2); // prettier-ignore
    for (const operation of Object.values(operations)) await operation(untyped(elements)).count();
  });
});

describe("mistakes are told with a code and what to do", () => {
  const withContext = (options: ConstructorParameters<typeof GloamContext>[0]) => async (): Promise<void> => {
    const context = new GloamContext(options);
    try {
      await context
        .range(0, 200_000)
        .map((x) => [x, x] as const)
        .groupByKey()
        .count();
    } finally {
      await context.stop();
    }
  };
  const mistakes: Readonly<Record<string, { code: string; says: RegExp; hint?: RegExp; make: () => unknown }>> = {
    "missing input": {
      code: "GLOAM_INPUT_NOT_FOUND",
      says: /no\/such\/file/,
      make: () => gc.textFile(join(directory, "no/such/file")).count(),
    },
    "a pattern without files": {
      code: "GLOAM_INPUT_NOT_FOUND",
      says: /\*\.nothing/,
      make: () => gc.textFile(join(directory, "*.nothing")).count(),
    },
    "a bad master URL": {
      code: "GLOAM_MASTER_URL_INVALID",
      says: /lokal\[2\].*errors\.test\.ts:\d+:\d+, in new GloamContext/,
      hint: /local\[N\]/,
      make: withContext({ master: "lokal[2]" }),
    },
    "no workers": {
      code: "GLOAM_MASTER_URL_INVALID",
      says: /local\[0\]/,
      make: withContext({ master: "local[0]" }),
    },
    "an unknown configuration key": {
      code: "GLOAM_CONF_UNKNOWN",
      says: /executor\.memroy.*errors\.test\.ts:\d+:\d+, in new GloamContext/,
      hint: /executor\.memory/,
      make: withContext({ master: "local[1]", conf: { "executor.memroy": "1g" } }),
    },
    "an invalid configuration value": {
      code: "GLOAM_CONF_INVALID",
      says: /executor\.memory/,
      make: withContext({ master: "local[1]", conf: { "executor.memory": "much" } }),
    },
    "reduce of nothing": {
      code: "GLOAM_RDD_EMPTY",
      says: /reduce/,
      hint: /fold/,
      make: () =>
        small()
          .filter(() => false)
          .reduce((a, b) => a + b),
    },
    "first of nothing": {
      code: "GLOAM_RDD_EMPTY",
      says: /first/,
      make: () =>
        small()
          .filter(() => false)
          .first(),
    },
    "an output that exists": {
      code: "GLOAM_OUTPUT_EXISTS",
      says: /gloam-errors-/,
      make: () => small().saveAsTextFile(directory),
    },
    "an async function in map": {
      code: "GLOAM_ASYNC_FUNCTION",
      says: /map/,
      hint: /mapAsync/,
      make: () => small().map(async (x) => Promise.resolve(x)),
    },
    "an async function in reduceByKey": {
      code: "GLOAM_ASYNC_FUNCTION",
      says: /reduceByKey/,
      make: () =>
        small()
          .map((x) => [x, x] as const)
          .reduceByKey((async (a: number) => Promise.resolve(a)) as unknown as (a: number, b: number) => number),
    },
    "an RDD inside another RDD's function": {
      code: "GLOAM_CLOSURE_NOT_SERIALIZABLE",
      says: /other/,
      make: () => {
        const other = small();
        return small().map((x) => [x, typeof other] as const);
      },
    },
    "the context inside a function": {
      code: "GLOAM_CLOSURE_NOT_SERIALIZABLE",
      says: /context/,
      make: () => {
        const context = gc;
        return small().map((x) => [x, typeof context] as const);
      },
    },
    "an element that cannot travel": {
      code: "GLOAM_VALUE_NOT_SERIALIZABLE",
      says: /function|symbol/,
      make: () =>
        small()
          .map((x) => () => x)
          .collect(),
    },
    "an element that is a promise": {
      code: "GLOAM_VALUE_NOT_SERIALIZABLE",
      says: /an element is an instance of Promise \(.*errors\.test\.ts:\d+:\d+, in collect/,
      hint: /mapAsync/,
      make: () =>
        small()
          .map((x) => Promise.resolve(x))
          .collect(),
    },
    "an element that is a generator": {
      code: "GLOAM_VALUE_NOT_SERIALIZABLE",
      says: /an element is an iterator/,
      hint: /\[\.\.\.iterator\]/,
      make: () =>
        small()
          .map(function* (x) {
            yield x;
          })
          .take(1),
    },
    "an element of a class": {
      code: "GLOAM_VALUE_NOT_SERIALIZABLE",
      says: /an element is an instance of Point/,
      hint: /plain data/,
      make: () =>
        small()
          .map((x) => new Point(x))
          .reduce((a) => a),
    },
    "an element of a class in the driver": {
      code: "GLOAM_VALUE_NOT_SERIALIZABLE",
      says: /an element's place is an instance of Point \(.*errors\.test\.ts:\d+:\d+, in parallelize/,
      make: () => gc.parallelize([{ place: undefined }, { place: new Point(1) }], 1),
    },
    "a zero that cannot travel": {
      code: "GLOAM_VALUE_NOT_SERIALIZABLE",
      says: /zero is an instance of Point \(.*errors\.test\.ts:\d+:\d+, in aggregate/,
      make: () =>
        small().aggregate(
          new Point(0),
          (a) => a,
          (a) => a,
        ),
    },
    "a handle that was disposed of": {
      code: "GLOAM_RDD_DISPOSED",
      says: /errors\.test\.ts:\d+:\d+/,
      make: () => {
        const rdd = small();
        rdd.dispose();
        return rdd.map((x) => x);
      },
    },
    "numbers instead of pairs": {
      code: "GLOAM_ELEMENT_INVALID",
      says: /an element is no pair \[key, value\] but \d+ .*\(.*errors\.test\.ts:\d+:\d+, in reduceByKey/,
      hint: /keyBy/,
      make: () =>
        untyped(small())
          .reduceByKey((a) => a)
          .collect(),
    },
    "a sum of texts": {
      code: "GLOAM_ELEMENT_INVALID",
      says: /an element is no number but '1' .*\(.*errors\.test\.ts:\d+:\d+, in sum/,
      hint: /map\(Number\)/,
      make: () => (gc.parallelize(["1", "2"], 1) as unknown as Rdd<number>).sum(),
    },
    "a path that is none": {
      code: "GLOAM_ARGUMENT_INVALID",
      says: /expected a path or a URL, not 5 \(.*errors\.test\.ts:\d+:\d+, in textFile/,
      make: () => gc.textFile(5 as unknown as string),
    },
    "an empty path": {
      code: "GLOAM_ARGUMENT_INVALID",
      says: /the path is empty \(.*errors\.test\.ts:\d+:\d+, in textFile/,
      make: () => gc.textFile(""),
    },
    "an empty path that is to be overwritten": {
      code: "GLOAM_ARGUMENT_INVALID",
      says: /the path is empty \(.*errors\.test\.ts:\d+:\d+, in saveAsTextFile/,
      make: () => small().saveAsTextFile("", { overwrite: true }),
    },
    "an output of another scheme": {
      code: "GLOAM_ARGUMENT_INVALID",
      says: /no file system is known for s3:\/\/ .*\(.*errors\.test\.ts:\d+:\d+/,
      hint: /file:/,
      make: () => small().saveAsTextFile("s3://bucket/out"),
    },
    "an output that is there": {
      code: "GLOAM_OUTPUT_EXISTS",
      says: /exists already \(.*errors\.test\.ts:\d+:\d+/,
      hint: /overwrite: true/,
      make: () => small().saveAsTextFile(directory),
    },
    "Spark's argument of sortByKey": {
      code: "GLOAM_ARGUMENT_INVALID",
      says: /\{ ascending: false \}, not false \(.*errors\.test\.ts:\d+:\d+, in sortByKey/,
      make: () => untyped(small()).sortByKey(false as never),
    },
    "Spark's argument of sortBy": {
      code: "GLOAM_ARGUMENT_INVALID",
      says: /\{ ascending: false \}, not false \(.*errors\.test\.ts:\d+:\d+, in sortBy/,
      make: () => small().sortBy((x) => x, false as never),
    },
    "Spark's argument of textFile": {
      code: "GLOAM_ARGUMENT_INVALID",
      says: /\{ minPartitions: 8 \}, not 3 \(.*errors\.test\.ts:\d+:\d+, in textFile/,
      make: () => gc.textFile("a.txt", 3 as never),
    },
    "a promise that forEach would not wait for": {
      code: "GLOAM_ASYNC_FUNCTION",
      says: /gave a promise.*\(.*errors\.test\.ts:\d+:\d+, in forEach/,
      hint: /mapAsync/,
      make: () => small().forEach((x) => Promise.resolve(x)),
    },
    "a promise that forEachPartition would not wait for": {
      code: "GLOAM_ASYNC_FUNCTION",
      says: /gave a promise.*\(.*errors\.test\.ts:\d+:\d+, in forEachPartition/,
      hint: /mapAsync/,
      make: () => small().forEachPartition((elements) => Promise.resolve([...elements])),
    },
    "a promise that filter would take for true": {
      code: "GLOAM_ASYNC_FUNCTION",
      says: /gave a promise.*\(.*errors\.test\.ts:\d+:\d+, in filter/,
      hint: /mapAsync/,
      make: () =>
        small()
          .filter((x) => Promise.resolve(x > 1) as unknown as boolean)
          .count(),
    },
    "a URL of another scheme": {
      code: "GLOAM_ARGUMENT_INVALID",
      says: /https:\/\/example\.org\/ \(.*errors\.test\.ts:\d+:\d+, in textFile/,
      hint: /file:/,
      make: () => gc.textFile(["a.txt", new URL("https://example.org/")]),
    },
    "several paths in one string": {
      code: "GLOAM_INPUT_NOT_FOUND",
      says: /does not exist/,
      hint: /several paths are an array/,
      make: () => gc.textFile(`${thisFile},${thisFile}`).count(),
    },
    "a key that cannot be one": {
      code: "GLOAM_KEY_UNSUPPORTED",
      says: /Map/,
      make: () =>
        small()
          .map((x) => [new Map(), x] as const)
          .groupByKey()
          .count(),
    },
    "a range without end": {
      code: "GLOAM_ARGUMENT_INVALID",
      says: /range/,
      make: () => gc.range(0, Infinity),
    },
    "no partitions": {
      code: "GLOAM_ARGUMENT_INVALID",
      says: /partitions/,
      make: () => gc.parallelize([1, 2, 3], 0),
    },
    "elements that are none": {
      code: "GLOAM_ARGUMENT_INVALID",
      says: /elements must be an array.*, not 5/,
      make: () => gc.parallelize(5 as unknown as number[]),
    },
    "a worker that exits": {
      code: "GLOAM_WORKER_LOST",
      says: /exited with code 3/,
      make: () =>
        small()
          .map(() => process.exit(3))
          .count(),
    },
  };

  test.each(Object.keys(mistakes))("%s", async (name) => {
    const { code, says, hint, make } = mistakes[name]!;
    const error = await errorOf(make);
    expect(error).toMatchObject({ name: "GloamError", code });
    expect(error.message).toMatch(says);
    expect(error.message).toContain(`${code}: `);
    expect(error.hint).toMatch(hint ?? /./);
    expect(await small().count()).toBe(20);
  });

  test("workers that all exit, again and again", async () => {
    for (let round = 0; round < 30; round++) {
      const exits = small().map(() => process.exit(3));
      expect(await errorOf(() => exits.count())).toMatchObject({ code: "GLOAM_WORKER_LOST" });
    }
    expect(await small().count()).toBe(20);
  });

  test("a promise that fails when its task has ended", async () => {
    const warned = once(process, "warning") as Promise<[Error & { detail?: unknown }]>;
    const late = gc.range(0, 1, { partitions: 1 }).map((x) => {
      setTimeout(() => {
        throw new Error("too late");
      });
      return x;
    });
    expect(await late.collect()).toEqual([0]);
    const [warning] = await warned;
    expect(warning.message).toMatch(/a worker ended between two tasks.*too late/);
    expect(warning.detail).toMatch(/errors\.test\.ts:\d+/);
    expect(await small().count()).toBe(20);
  });

  test("a temporary directory that fills up while a job runs", async () => {
    // A limit on the size of files fails writes as a full disk does.
    const end = await runProgram("spills.mjs", { before: "trap '' XFSZ; ulimit -f 1024" });
    expect(end).toMatchObject({ status: 0, leftBehind: [] });
    expect(JSON.parse(end.output)).toMatchObject({
      code: "GLOAM_SCRATCH_UNUSABLE",
      hint: expect.stringContaining("local.dir") as string,
    });
  });

  test("data larger than memory is no mistake", async () => {
    const end = await runProgram("spills.mjs");
    expect(end).toMatchObject({ status: 0, leftBehind: [], output: '{"right":true}' });
  });

  test("a user function that outgrows its worker's heap", async () => {
    const end = await runProgram("outgrows-memory.mjs");
    expect(end).toMatchObject({ status: 0, leftBehind: [] });
    expect(JSON.parse(end.output)).toMatchObject({ code: "GLOAM_OUT_OF_MEMORY", again: 10 });
  });
});
