/** Largest mean that one round of Knuth's method takes: its cost grows with the mean, and e^-mean must not vanish. */
const largestRound = 16;

/** Draws from the Poisson distribution of a mean (Knuth's method, the mean cut into rounds). */
export function poissonSource(mean: number, random: () => number): () => number {
  const rounds = Math.ceil(mean / largestRound);
  const threshold = Math.exp(-mean / rounds);
  return () => {
    let count = 0;
    for (let round = 0; round < rounds; round++) {
      for (let product = random(); product > threshold; product *= random()) count++;
    }
    return count;
  };
}
