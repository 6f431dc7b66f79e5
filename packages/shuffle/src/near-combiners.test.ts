import { expect, test } from "vitest";
import { newBucket, type Bucket } from "./bucket.ts";
import { NearCombiners } from "./near-combiners.ts";
import type { NumberIndex } from "./number-index.ts";

function bucketOf(keys: readonly number[]): Bucket {
  const bucket = newBucket("number");
  (bucket.index as NumberIndex).load(Float64Array.from(keys));
  bucket.numbers = undefined;
  bucket.values = keys.map((key) => ({ key }));
  return bucket;
}

/** What the generated loop does. */
function find(near: NearCombiners, key: number): unknown {
  const slot = key & NearCombiners.mask;
  return near.keys[slot] === key ? near.combiners[near.ids[slot]!] : undefined;
}

test("finds the keys of the bucket that it follows, and no others", () => {
  const near = new NearCombiners();
  expect(find(near, 0)).toBeUndefined();
  near.follow(bucketOf([7, 0, -3, 2.5, 1e12 + 5]));
  for (const key of [7, 0, -3, 2.5, 1e12 + 5]) expect(find(near, key)).toEqual({ key });
  expect(find(near, -0)).toEqual({ key: 0 });
  for (const key of [7 + 1024, 0.5, 2, NaN]) expect(find(near, key)).toBeUndefined();
  near.follow(bucketOf([8]));
  expect([find(near, 7), find(near, 8)]).toEqual([undefined, { key: 8 }]);
  near.follow(undefined);
  expect(find(near, 8)).toBeUndefined();
});

test("learns keys that come later, and forgets all when the combiners are elsewhere", () => {
  const near = new NearCombiners();
  const bucket = bucketOf([1]);
  near.follow(bucket);
  (bucket.index as NumberIndex).find(Float64Array.of(2), 0, 1, new Int32Array(1));
  bucket.values.push("two");
  near.follow(bucket);
  expect(find(near, 2)).toBe("two");
  bucket.values = ["one", "2"];
  near.follow(bucket);
  expect([find(near, 1), find(near, 2)]).toEqual(["one", "2"]);
});

test("leaves combiners that are numbers and keys that are none alone", () => {
  const near = new NearCombiners();
  const numbers = bucketOf([1]);
  numbers.numbers = new Float64Array(16);
  near.follow(numbers);
  expect(find(near, 1)).toBeUndefined();
  near.follow(newBucket("any"));
  expect(near.combiners).toEqual([]);
});
