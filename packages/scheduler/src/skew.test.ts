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

test("what is computed element by element goes with it, and its map outputs come in order", () => {
  const joined = skewedJoin();
  const { story, lineage, join } = joined;
  const mapped = lineage.map(lineage.map(join, { elementwise: true }), { elementwise: true });
  const reducer = lineage.shuffle(mapped, 1);
  story.submit(lineage.job(reducer));
  finishMaps(joined);
  expect(story.tasks({ node: mapped })).toHaveLength(6);
  story.runAll();
  story.did({ type: "jobFinished" });
  expect(story.scheduler.mapOutputs(2).map(({ partition }) => partition)).toEqual([0, 1, 2, 3, 4, 5]);
});

test("a part that is lost is computed again, alone, also for a later job", () => {
  const joined = skewedJoin();
  const { story, lineage, join } = joined;
  const reducer = lineage.shuffle(join, 1);
  story.submit(lineage.job(reducer));
  finishMaps(joined);
  for (let index = 0; index < 6; index++) story.finish({ node: join, index });
  story.failFetch({ node: reducer }, 2, 3);
  expect(ranges(story, join)).toEqual([[1, 2, 3]]);
  story.runAll();
  story.submit(lineage.job(lineage.map(reducer)));
  story.failFetch({ node: reducer + 1 }, 2, 1);
  expect(ranges(story, join)).toEqual([[1, 0, 1]]);
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
  [
    "shuffles for which it matters how partitions are written",
    ({ story, lineage, join }) => story.submit(lineage.job(lineage.shuffle(join, 2, { orderSensitiveShuffle: true }))),
  ],
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

test("the outputs of a split stage are not split over again", () => {
  const joined = skewedJoin();
  const { story, lineage, join } = joined;
  const again = lineage.shuffle([join, lineage.source(1)], 2, { streamed: true });
  story.submit({ ...lineage.job(again), joinsPieces: true });
  finishMaps(joined);
  story.finish({ node: 3 }, [1, 1]);
  for (let index = 0; index < 6; index++) story.finish({ node: join, index }, [1, 1000]);
  expect(ranges(story, again)).toEqual([[0, undefined, undefined], [1, undefined, undefined]]); // prettier-ignore
});
