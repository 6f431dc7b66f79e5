/** Sums 20 million numbers by a million integer keys. */
export default async function reducebykey(gc, { sized, partitions }) {
  const sums = gc
    .range(0, sized(20_000_000), { partitions })
    .map((i) => [(i * 1664525 + 1013904223) % 1000003, (i % 1000) * 0.5])
    .reduceByKey((a, b) => a + b);
  const [keys, sum] = await sums
    .map(([key, value]) => [1, value * (key % 97)])
    .reduce((a, b) => [a[0] + b[0], a[1] + b[1]]);
  return `keys=${keys} sum=${sum.toFixed(1)}`;
}
