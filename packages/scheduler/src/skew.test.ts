import { expect, test } from "vitest";
import { Lineage, type NodeSettings } from "./testing/lineage.ts";
import { Story } from "./testing/story.ts";

const skew = { factor: 3, threshold: 100 };

interface Joined {
  readonly story: Story;
  readonly lineage: Lineage;
  readonly join: number;
}

/** A join of three reduce partitions, whose left side has four map partitions and is much larger for the second reducer. */
function skewedJoin(settings: NodeSettings = {}): Joined {
  const lineage = new Lineage();
  const [left, right] = [lineage.source(4), lineage.source(1)];
  const join = lineage.shuffle([left, right], 3, { streamed: true, ...settings });
  const story = new Story({ skew });
  story.executor("a", 8);
  return { story, lineage, join };
}

function finishMaps({ story }: Joined): void {
  for (let partition = 0; partition < 4; partition++) story.finish({ node: 0, partition }, [10, 150, 20]);
  story.finish({ node: 1 }, [1000, 1000, 1000]);
}

const ranges = (story: Story, node: number): unknown[] =>
  story.tasks({ node }).map(({ partition, range }) => [partition, range?.from, range?.to]);

test("a partition whose streamed input is much larger than the median is computed by several tasks, from some map outputs each", () => {
  const joined = skewedJoin();
  const { story, lineage, join } = joined;
  const job = story.submit({ ...lineage.job(join), joinsPieces: true });
  finishMaps(joined);
  expect(ranges(story, join)).toEqual([
    [0, undefined, undefined],
    [1, 0, 1],
    [1, 1, 2],
    [1, 2, 3],
    [1, 3, 4],
    [2, undefined, undefined],
  ]);
  expect(story.task({ node: join, index: 2 }).range?.shuffle).toBe(0);
  story.finish({ node: join, index: 2 });
  story.did({ type: "partitionResult", job, index: 1, piece: { piece: 1, of: 4 } });
  story.finish({ node: join, index: 5 });
  story.did({ type: "partitionResult", job, index: 2 });
  story.runAll();
  story.did({ type: "jobFinished" });
});

test("what is computed element by element goes with it", () => {
  const joined = skewedJoin();
  const { story, lineage, join } = joined;
  const mapped = lineage.map(lineage.map(join, { elementwise: true }), { elementwise: true });
  story.submit({ ...lineage.job(mapped), joinsPieces: true });
  finishMaps(joined);
  expect(story.tasks({ node: mapped })).toHaveLength(6);
  story.runAll();
  story.did({ type: "jobFinished" });
});

test("a part whose task fails is computed again, alone", () => {
  const joined = skewedJoin();
  const { story, lineage, join } = joined;
  story.submit({ ...lineage.job(join), joinsPieces: true });
  finishMaps(joined);
  for (const index of [0, 1, 2, 4, 5]) story.finish({ node: join, index });
  story.failFetch({ node: join, index: 3 }, 0, 2);
  story.finish({ node: 0, partition: 2 }, [10, 150, 20]);
  expect(ranges(story, join)).toEqual([[1, 2, 3]]);
  story.runAll();
  story.did({ type: "jobFinished" });
});

test.each<[string, (joined: Joined) => void]>([
  ["results that cannot be joined", ({ story, lineage, join }) => story.submit(lineage.job(join))],
  [
    "elements that depend on others",
    ({ story, lineage, join }) => story.submit({ ...lineage.job(lineage.map(join)), joinsPieces: true }),
  ],
  [
    "cached partitions",
    ({ story, lineage, join }) => {
      const kept = lineage.map(join, { elementwise: true, persisted: true });
      story.submit({ ...lineage.job(kept), joinsPieces: true });
    },
  ],
  ["map outputs, which outlive the job", ({ story, lineage, join }) => story.submit(lineage.job(lineage.shuffle(join, 2)))], // prettier-ignore
  [
    "what may be another when it is computed again",
    ({ story, lineage, join }) => {
      const other = lineage.map(join, { determinism: "indeterminate", elementwise: true });
      story.submit({ ...lineage.job(lineage.zip([other, lineage.source(3)])), joinsPieces: true });
    },
  ],
])("not for %s", (_, submit) => {
  const joined = skewedJoin();
  submit(joined);
  finishMaps(joined);
  expect(joined.story.tasks().filter(({ range }) => range !== undefined)).toEqual([]);
  joined.story.runAll();
  joined.story.did({ type: "jobFinished" });
});

test("not where the other side is computed in the same stage", () => {
  const lineage = new Lineage();
  const [left, right] = [lineage.source(4), lineage.shuffle(lineage.source(1), 3)];
  const join = lineage.nodes.length;
  lineage.nodes.push({
    ...lineage.node(right),
    id: join,
    dependencies: [
      { kind: "shuffle", parent: left, shuffle: 1, partitions: 3, streamed: true },
      { kind: "narrow", parent: right, mapping: { kind: "oneToOne" } },
    ],
  });
  const story = new Story({ skew });
  story.executor("a", 8);
  story.submit({ ...lineage.job(join), joinsPieces: true });
  for (let partition = 0; partition < 4; partition++) story.finish({ node: left, partition }, [10, 150, 20]);
  story.finish({ node: 1 }, [1, 1, 1]);
  expect(ranges(story, join)).toEqual([0, 1, 2].map((partition) => [partition, undefined, undefined]));
  story.runAll();
  story.did({ type: "jobFinished" });
});
