/** Joins 5 million pairs with a million pairs by integer key. */
export default async function join(gc, { sized, partitions }) {
  const left = gc
    .range(0, sized(5_000_000), { partitions })
    .map((i) => [(i * 1664525 + 1013904223) % 2000003, i % 1000]);
  const right = gc.range(0, sized(1_000_000), { partitions }).map((j) => [(j * 48271) % 1000003, j % 1000]);
  const [count, sum] = await left
    .join(right)
    .map(([, [a, b]]) => [1, a + b])
    .reduce((a, b) => [a[0] + b[0], a[1] + b[1]]);
  return `count=${count} sum=${sum}`;
}
