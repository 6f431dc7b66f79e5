/** Means, ascending and each once, and how many numbers each stands for. */
export interface Centroids {
  readonly means: Float64Array;
  readonly weights: Float64Array;
  /** 1 for those that stand for numbers that are not all equal. */
  readonly mixed: Uint8Array;
}

/** None. */
export const noCentroids: Centroids = {
  means: new Float64Array(0),
  weights: new Float64Array(0),
  mixed: new Uint8Array(0),
};

/** All centroids of several lists, in order; those of equal means are one. The same in whichever order the lists come. */
export function inOrder(lists: readonly Centroids[]): Centroids {
  let rest = lists.filter(({ means }) => means.length > 0);
  // Pairs of lists, and pairs of those: each centroid is moved as often as their number has binary digits.
  while (rest.length > 1) {
    const merged: Centroids[] = [];
    for (let i = 0; i < rest.length; i += 2) merged.push(i + 1 < rest.length ? both(rest[i]!, rest[i + 1]!) : rest[i]!);
    rest = merged;
  }
  return rest[0] ?? noCentroids;
}

function both(a: Centroids, b: Centroids): Centroids {
  const [lengthA, lengthB] = [a.means.length, b.means.length];
  const merged = new CentroidList(lengthA + lengthB);
  let [i, k] = [0, 0];
  while (i < lengthA || k < lengthB) {
    const isOfA = k === lengthB || (i < lengthA && a.means[i]! <= b.means[k]!);
    const at = isOfA ? i++ : k++;
    const { means, weights, mixed } = isOfA ? a : b;
    merged.add(means[at]!, weights[at]!, mixed[at]!);
  }
  return merged.all();
}

/** Numbers, which are sorted where they lie, as centroids. */
export function centroidsOf(numbers: Float64Array): Centroids {
  numbers.sort();
  const list = new CentroidList(numbers.length);
  // -0 is 0.
  for (let i = 0; i < numbers.length; i++) list.add(numbers[i]! + 0, 1, 0);
  return list.all();
}

/** Centroids that come in order. */
class CentroidList {
  readonly #means: Float64Array;
  readonly #weights: Float64Array;
  readonly #mixed: Uint8Array;
  #count = 0;

  constructor(most: number) {
    this.#means = new Float64Array(most);
    this.#weights = new Float64Array(most);
    this.#mixed = new Uint8Array(most);
  }

  add(mean: number, weight: number, mixed: number): void {
    const last = this.#count - 1;
    if (last >= 0 && this.#means[last] === mean) {
      this.#weights[last] = this.#weights[last]! + weight;
      this.#mixed[last] = this.#mixed[last]! | mixed;
    } else {
      this.#means[this.#count] = mean;
      this.#weights[this.#count] = weight;
      this.#mixed[this.#count++] = mixed;
    }
  }

  /** A copy, of no more memory than needed. */
  all(): Centroids {
    const count = this.#count;
    return {
      means: this.#means.slice(0, count),
      weights: this.#weights.slice(0, count),
      mixed: this.#mixed.slice(0, count),
    };
  }
}

/**
 * The same numbers in fewer centroids: neighbours become one as long as it spans no more than one unit of the scale
 * k(q) = compression / 2π · asin(2q - 1), which is dense at both ends. A number that is so frequent that it spans more stays by
 * itself. Where there are no more than twice as many numbers as the compression, all stay.
 */
export function compressed(centroids: Centroids, compression: number): Centroids {
  const { means, weights, mixed } = centroids;
  const { length } = means;
  const total = weights.reduce((sum, each) => sum + each, 0);
  if (total <= 2 * compression) return centroids;
  const fewer = new CentroidList(length);
  let before = 0;
  let limit = endOfUnit(before, total, compression);
  let [mean, weight, isMixed] = [means[0]!, weights[0]!, mixed[0]!];
  for (let i = 1; i < length; i++) {
    const added = weights[i]!;
    if (before + weight + added <= limit) {
      weight += added;
      mean = between(mean, means[i]!, added / weight);
      isMixed = 1;
    } else {
      fewer.add(mean, weight, isMixed);
      before += weight;
      limit = endOfUnit(before, total, compression);
      [mean, weight, isMixed] = [means[i]!, added, mixed[i]!];
    }
  }
  fewer.add(mean, weight, isMixed);
  return fewer.all();
}

/** How many numbers, with those before, a centroid that begins behind `before` of them may end with. */
function endOfUnit(before: number, total: number, compression: number): number {
  const angle = Math.asin(2 * Math.min(before / total, 1) - 1) + (2 * Math.PI) / compression;
  return angle >= Math.PI / 2 ? total : (total * (Math.sin(angle) + 1)) / 2;
}

/** So far of the way from one number to another: `from` itself where they are equal, and finite where their difference is not. */
export function between(from: number, to: number, share: number): number {
  const distance = to - from;
  return Number.isFinite(distance) ? from + distance * share : from * (1 - share) + to * share;
}
