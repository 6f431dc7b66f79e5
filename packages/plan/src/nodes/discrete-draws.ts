/**
 * How many of `draws` elements out of `total`, none of them twice, are among the `good` ones (the hypergeometric distribution). `random`
 * gives a number from 0 to below 1. Takes time with the deviation: the square root of the number of draws.
 */
export function drawHypergeometric(random: () => number, good: number, total: number, draws: number): number {
  const bad = total - good;
  const low = Math.max(0, draws - bad);
  const high = Math.min(draws, good);
  const mode = Math.min(high, Math.max(low, Math.floor(((draws + 1) * (good + 1)) / (total + 2))));
  const logarithm = logChoose(good, mode) + logChoose(bad, draws - mode) - logChoose(total, draws);
  return drawAround(random(), { low, high, mode, probability: Math.exp(logarithm) }, (k) => {
    return ((good - k) * (draws - k)) / ((k + 1) * (bad - draws + k + 1));
  });
}

/** How many of `draws` come true, each with a probability of its own (the binomial distribution). Likewise. */
export function drawBinomial(random: () => number, draws: number, probability: number): number {
  if (draws === 0 || probability <= 0) return 0;
  if (probability >= 1) return draws;
  const mode = Math.min(draws, Math.floor((draws + 1) * probability));
  const logarithm = logChoose(draws, mode) + mode * Math.log(probability) + (draws - mode) * Math.log1p(-probability);
  const odds = probability / (1 - probability);
  return drawAround(random(), { low: 0, high: draws, mode, probability: Math.exp(logarithm) }, (k) => {
    return ((draws - k) / (k + 1)) * odds;
  });
}

/** The numbers that can be drawn, the likeliest one, and its probability. */
interface Peak {
  readonly low: number;
  readonly high: number;
  readonly mode: number;
  readonly probability: number;
}

/** Goes from the likeliest number to both sides until their probabilities add up to `drawn`; `ratio(k)` is that of k + 1 to k. */
function drawAround(drawn: number, { low, high, mode, probability }: Peak, ratio: (k: number) => number): number {
  let rest = drawn - probability;
  let [above, below] = [mode, mode];
  let [likelyAbove, likelyBelow] = [probability, probability];
  while (rest >= 0 && (above < high || below > low)) {
    if (above < high) {
      likelyAbove *= ratio(above++);
      if ((rest -= likelyAbove) < 0) return above;
    }
    if (below > low) {
      likelyBelow /= ratio(--below);
      if ((rest -= likelyBelow) < 0) return below;
    }
    // What is left is rounding.
    if (likelyAbove + likelyBelow < Number.MIN_VALUE * 2 ** 52) break;
  }
  return mode;
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** Products up to there are exact; Stirling's series is to twelve digits from there on. */
const smallest = 16;

function logFactorial(n: number): number {
  if (n >= smallest) {
    const series = 1 / (12 * n) - 1 / (360 * n ** 3) + 1 / (1260 * n ** 5);
    return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + series;
  }
  let product = 1;
  for (let i = 2; i <= n; i++) product *= i;
  return Math.log(product);
}
