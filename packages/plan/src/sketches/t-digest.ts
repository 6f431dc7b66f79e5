import { registerClass } from "@gloam/arrow";
import { between, centroidsOf, compressed, inOrder, noCentroids, type Centroids } from "./centroids.ts";

/** Numbers that are gathered before they are sorted in, for each unit of compression. */
const gatheredPerUnit = 3;
/** Least room for numbers. */
const fewestGathered = 8;

/** A digest as plain data. */
export type DigestData = readonly [
  compression: number,
  centroids: Centroids,
  min: number,
  max: number,
  /** How many numbers were -Infinity. */
  below: number,
  /** How many were Infinity. */
  above: number,
];

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
  centroids: Centroids = noCentroids();
  /** Numbers that are not among the centroids yet. */
  gathered: Float64Array = new Float64Array(fewestGathered);
  #gatheredLength = 0;
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
      if (this.#gatheredLength === this.gathered.length) this.#makeRoom();
      this.gathered[this.#gatheredLength++] = value;
    }
  }

  /** All that several digests have seen, at least one: the same in whichever order they come. */
  static merged(digests: readonly TDigest[]): TDigest {
    const merged = new TDigest(digests[0]!.compression);
    const lists: Centroids[] = [];
    for (const digest of digests) {
      digest.#settle();
      lists.push(digest.centroids);
      merged.#min = Math.min(merged.#min, digest.#min);
      merged.#max = Math.max(merged.#max, digest.#max);
      merged.#below += digest.#below;
      merged.#above += digest.#above;
    }
    merged.#take(lists);
    return merged;
  }

  /**
   * The number at a share `q` of the way from the least to the greatest, from 0 to 1; between two numbers in proportion, as
   * spreadsheets and numpy have it. NaN when there are none.
   */
  quantile(q: number): number {
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

  toData(): DigestData {
    this.#settle();
    return [this.compression, this.centroids, this.#min, this.#max, this.#below, this.#above];
  }

  static fromData([compression, centroids, min, max, below, above]: DigestData): TDigest {
    const digest = new TDigest(compression);
    digest.centroids = centroids;
    digest.#min = min;
    digest.#max = max;
    digest.#below = below;
    digest.#above = above;
    return digest;
  }

  #makeRoom(): void {
    const most = gatheredPerUnit * this.compression;
    if (this.gathered.length >= most) return this.#settle();
    const larger = new Float64Array(Math.min(most, 2 * this.gathered.length));
    larger.set(this.gathered);
    this.gathered = larger;
  }

  /** Brings what was gathered among the centroids. */
  #settle(): void {
    if (this.#gatheredLength === 0) return;
    const gathered = centroidsOf(this.gathered.subarray(0, this.#gatheredLength));
    this.#gatheredLength = 0;
    this.#min = Math.min(this.#min, gathered.means[0]!);
    this.#max = Math.max(this.#max, gathered.means[gathered.means.length - 1]!);
    this.#take([this.centroids, gathered]);
  }

  #take(lists: readonly Centroids[]): void {
    this.centroids = compressed(inOrder(lists), this.compression);
  }
}

registerClass({
  name: "gloam.TDigest",
  constructor: TDigest,
  toData: (digest: TDigest) => digest.toData(),
  fromData: (data: DigestData) => TDigest.fromData(data),
});
