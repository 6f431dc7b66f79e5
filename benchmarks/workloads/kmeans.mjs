const parse = (line) => line.split(",").map(Number);

/** The nearest centre's index and the squared distance to it. */
function nearest(point, centres) {
  let best = 0;
  let bestDistance = Infinity;
  for (let c = 0; c < centres.length; c++) {
    const centre = centres[c];
    let distance = 0;
    for (let j = 0; j < point.length; j++) {
      const difference = point[j] - centre[j];
      distance += difference * difference;
    }
    if (distance < bestDistance) {
      bestDistance = distance;
      best = c;
    }
  }
  return [best, bestDistance];
}

/** Ten iterations of Lloyd's algorithm: 2 million points of 10 dimensions, 10 centres. */
export default async function kmeans(gc, { data }) {
  const points = gc.textFile(`${data}/kmeans`).map(parse).cache();
  let centres = (await gc.textFile(`${data}/kmeans/part-00000`).take(10)).map(parse);
  for (let iteration = 0; iteration < 10; iteration++) {
    const current = centres;
    const sums = await points
      .map((point) => [nearest(point, current)[0], [point, 1]])
      .reduceByKey(([a, n], [b, m]) => [a.map((value, j) => value + b[j]), n + m])
      .collect();
    centres = [...current];
    for (const [c, [sum, count]] of sums) centres[c] = sum.map((value) => value / count);
  }
  const cost = await points.map((point) => nearest(point, centres)[1]).sum();
  return `cost=${cost.toFixed(1)}`;
}
