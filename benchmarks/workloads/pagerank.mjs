/** Ten iterations of PageRank over 4 million edges between 500,000 nodes, as in Spark's own example. */
export default async function pagerank(gc, { data, partitions }) {
  const links = gc
    .textFile(`${data}/pagerank`)
    .map((line) => {
      const [source, target] = line.split(" ");
      return [Number(source), Number(target)];
    })
    .groupByKey(partitions)
    .cache();
  let ranks = links.mapValues(() => 1);
  for (let iteration = 0; iteration < 10; iteration++) {
    ranks = links
      .join(ranks)
      .values()
      .flatMap(([targets, rank]) => {
        const share = rank / targets.length;
        return targets.map((target) => [target, share]);
      })
      .reduceByKey((a, b) => a + b)
      .mapValues((sum) => 0.15 + 0.85 * sum);
  }
  const result = ranks.cache();
  const total = await result.values().sum();
  const top = await result.top(5, ([, rank]) => rank);
  return `sum=${total.toFixed(3)} top=${top.map(([node, rank]) => `${node}:${rank.toFixed(3)}`).join(",")}`;
}
