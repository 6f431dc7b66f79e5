import { registerClass } from "@gloam/arrow";
import { between, centroidsOf, compressed, inOrder, noCentroids, type Centroids } from "./centroids.ts";
import { newBytes, readFloat, writeFloat } from "./small-bytes.ts";

/** Numbers that are gathered before they are sorted in, for each unit of compression. */
const gatheredPerUnit = 3;
/**
 * Floats before the centroids in a digest's bytes: compression, least, greatest, how many are -Infinity and Infinity, how many
 * centroids there are.
 */
const headLength = 6;

/**
 * Quantiles of numbers in little memory: a merging t-digest (Dunning and Ertl, Computing extremely accurate quantiles using
 * t-digests, 2019). Neighbouring numbers become one centroid, a mean and a weight, of fewer numbers near the ends than in the
 * middle: at quantile `q` of at most a share 2π √(q(1-q)) / compression of all. The rank of an answer is off by twice that
 * share at most, seen with distributions made to be difficult and digests merged one by one, and mostly by a twentieth. Numbers that are
 * more frequent than that are kept by themselves, and up to twice as many numbers as the compression all are: there answers
 * are exact.
 */
export class TDigest {
  readonly compression: number;
  // Visible, so that their memory is counted where digests are combined by key.
  centroids: Centroids = noCentroids;
  /** Numbers that are not among the centroids: of few there are no others. */
  gathered: number[] = [];
  #min = Infinity;
  #max = -Infinity;
  #below = 0;
  #above = 0;

  /** @param compression About as many centroids at most; from 20 on. */
  constructor(compression: number) {
    this.compression = compression;
  }

  /** Takes a number, not NaN. */
  add(value: number): void {
    if (value === Infinity) this.#above++;
    else if (value === -Infinity) this.#below++;
    else {
      if (this.gathered.length >= gatheredPerUnit * this.compression) this.#settle();
      this.gathered.push(value);
    }
  }

  /** All that several digests have seen, at least one: the same in whichever order they come. */
  static merged(digests: readonly TDigest[]): TDigest {
    if (digests.length === 1) return digests[0]!;
    const merged = new TDigest(digests[0]!.compression);
    for (const digest of digests) {
      merged.#min = Math.min(merged.#min, digest.#min);
      merged.#max = Math.max(merged.#max, digest.#max);
      merged.#below += digest.#below;
      merged.#above += digest.#above;
    }
    for (const { gathered } of digests) for (const value of gathered) merged.gathered.push(value);
    const lists = digests.map(({ centroids }) => centroids).filter(({ means }) => means.length > 0);
    if (lists.length > 0 || merged.gathered.length > gatheredPerUnit * merged.compression) merged.#settle(lists);
    return merged;
  }

  /**
   * The number at a share `q` of the way from the least to the greatest, from 0 to 1; between two numbers in proportion, as
   * spreadsheets and numpy have it. NaN when there are none.
   */
  quantile(q: number): number {
    if (this.centroids === noCentroids && this.gathered.length <= 2 * this.compression) return this.#exactQuantile(q);
    this.#settle();
    const { means, weights, mixed } = this.centroids;
    const finite = weights.reduce((sum, weight) => sum + weight, 0);
    const all = this.#below + finite + this.#above;
    if (all === 0) return Number.NaN;
    const rank = q * (all - 1) - this.#below;
    if (rank < 0) return -Infinity;
    if (rank > finite - 1) return Infinity;
    if (rank === 0) return this.#min;
    if (rank === finite - 1) return this.#max;
    // The last place that is known, and what lies there.
    let [from, value] = [0, this.#min];
    let before = 0;
    for (let i = 0; i < means.length; i++) {
      const weight = weights[i]!;
      // Equal numbers lie at all of their ranks, others about in the middle of theirs.
      const areEqual = mixed[i] === 0;
      const first = areEqual ? before : before + (weight - 1) / 2;
      const last = areEqual ? before + weight - 1 : first;
      if (rank < first) return between(value, means[i]!, (rank - from) / (first - from));
      if (rank <= last) return means[i]!;
      before += weight;
      [from, value] = [last, means[i]!];
    }
    return between(value, this.#max, (rank - from) / (finite - 1 - from));
  }

  /** As bytes: floats, first those of the head, then means and weights, negative where a centroid is mixed, then what was gathered. */
  toBytes(): Uint8Array {
    const { compression, gathered } = this;
    const { means, weights, mixed } = this.centroids;
    const bytes = newBytes(8 * (headLength + 2 * means.length + gathered.length));
    let at = 0;
    const write = (value: number): void => {
      writeFloat(bytes, at, value);
      at += 8;
    };
    for (const value of [compression, this.#min, this.#max, this.#below, this.#above, means.length]) write(value);
    for (let i = 0; i < means.length; i++) {
      write(means[i]!);
      write(mixed[i] === 0 ? weights[i]! : -weights[i]!);
    }
    for (const value of gathered) write(value);
    return bytes;
  }

  static fromBytes(bytes: Uint8Array): TDigest {
    const float = (index: number): number => readFloat(bytes, 8 * index);
    const digest = new TDigest(float(0));
    digest.#min = float(1);
    digest.#max = float(2);
    digest.#below = float(3);
    digest.#above = float(4);
    const length = float(5);
    if (length > 0) {
      const weights = Float64Array.from({ length }, (_, i) => float(headLength + 2 * i + 1));
      digest.centroids = {
        means: Float64Array.from({ length }, (_, i) => float(headLength + 2 * i)),
        weights: weights.map(Math.abs),
        mixed: Uint8Array.from(weights, (weight) => (weight < 0 ? 1 : 0)),
      };
    }
    for (let i = headLength + 2 * length; 8 * i < bytes.length; i++) digest.gathered.push(float(i));
    return digest;
  }

  /** The quantile of numbers that are all among those gathered. */
  #exactQuantile(q: number): number {
    const sorted = this.gathered.sort((a, b) => a - b);
    const all = this.#below + sorted.length + this.#above;
    if (all === 0) return Number.NaN;
    const rank = q * (all - 1) - this.#below;
    if (rank < 0) return -Infinity;
    if (rank > sorted.length - 1) return Infinity;
    const lower = Math.floor(rank);
    return lower === rank ? sorted[lower]! : between(sorted[lower]!, sorted[lower + 1]!, rank - lower);
  }

  /** Brings what was gathered, and other centroids, among the centroids. */
  #settle(others: readonly Centroids[] = []): void {
    const { gathered } = this;
    if (gathered.length === 0 && others.length === 0) return;
    this.gathered = [];
    const numbers = centroidsOf(Float64Array.from(gathered));
    if (gathered.length > 0) {
      this.#min = Math.min(this.#min, numbers.means[0]!);
      this.#max = Math.max(this.#max, numbers.means[numbers.means.length - 1]!);
    }
    this.centroids = compressed(inOrder([this.centroids, ...others, numbers]), this.compression);
  }
}

registerClass({
  name: "gloam.TDigest",
  constructor: TDigest,
  toData: (digest: TDigest) => digest.toBytes(),
  fromData: (bytes: Uint8Array) => TDigest.fromBytes(bytes),
});
