/** Twenty steps of full-batch gradient descent on a million labelled points of 10 dimensions. */
export default async function logreg(gc, { data }) {
  const points = gc
    .textFile(`${data}/logreg`)
    .map((line) => {
      const values = line.split(",").map(Number);
      return [values[0], values.slice(1)];
    })
    .cache();
  const n = await points.count();
  let weights = new Array(10).fill(0);
  for (let step = 0; step < 20; step++) {
    const current = weights;
    const gradient = await points
      .map(([label, features]) => {
        let dot = 0;
        for (let j = 0; j < features.length; j++) dot += current[j] * features[j];
        const scale = (1 / (1 + Math.exp(-label * dot)) - 1) * label;
        return features.map((feature) => feature * scale);
      })
      .reduce((a, b) => a.map((value, j) => value + b[j]));
    weights = current.map((weight, j) => weight - gradient[j] / n);
  }
  return `w=${weights.map((weight) => weight.toFixed(6)).join(",")}`;
}
