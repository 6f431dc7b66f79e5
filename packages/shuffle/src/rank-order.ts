/** Rows of as few are ordered by insertion. */
const fewRows = 24;
/** Rows for each bucket, about. */
const rowsPerBucket = 4;
const mostBuckets = 1 << 16;
/** How often rows are divided into buckets before they are ordered by comparison. */
const deepest = 8;
/**
 * Whether this thread has ordered a few rows. V8 replaces a loop that is long from its first turn on while it runs, by code that has
 * not seen how the loop ends; it keeps that code, and gives it up at the end of each later call (seen: 1,900 times in a sort).
 */
let isWarm = false;

/**
 * Orders rows by their ranks, equal ranks in the order of arrival. Rows go to as many buckets as a quarter of them by where
 * their rank lies between the smallest and the largest; buckets of many rows are divided again. 40 ns a row, where passes
 * over every digit of the rank take 100.
 */
export class RankOrder {
  /** The ranks in their order. */
  ranks = new Float64Array(0);
  /** The rows in their order: `rows[i]` has rank `ranks[i]`. */
  rows = new Int32Array(0);
  #spareRanks = new Float64Array(0);
  #spareRows = new Int32Array(0);
  #starts = new Int32Array(0);
  /** Ranges that have to be divided: begin, end, how often they were divided before. */
  readonly #ranges: number[] = [];

  constructor() {
    if (isWarm) return;
    isWarm = true;
    const few = new RankOrder();
    const ranks = Float64Array.from({ length: 256 }, (_, row) => (row * 37) % 101);
    for (let turn = 0; turn < 16; turn++) few.order(ranks, ranks.length);
  }

  /** Orders the rows `0 .. length`. */
  order(ranks: Float64Array, length: number): void {
    if (this.rows.length < length) {
      this.ranks = new Float64Array(length);
      this.rows = new Int32Array(length);
      this.#spareRanks = new Float64Array(length);
      this.#spareRows = new Int32Array(length);
    }
    this.ranks.set(length === ranks.length ? ranks : ranks.subarray(0, length));
    number(this.rows, length);
    const ranges = this.#ranges;
    ranges.push(0, length, 0);
    while (ranges.length > 0) {
      const depth = ranges.pop()!;
      const end = ranges.pop()!;
      this.#orderRange(ranges.pop()!, end, depth);
    }
  }

  #orderRange(from: number, to: number, depth: number): void {
    const { least, most, sorted } = survey(this.ranks, from, to);
    if (sorted) return;
    if (to - from <= fewRows) insert(this.ranks, this.rows, from, to);
    // Numbers may lie so far apart that nearly all of them fall into one bucket, again and again.
    else if (depth === deepest || most - least === Infinity) this.#compare(from, to);
    else this.#divide(from, to, depth, least, most - least);
  }

  #divide(from: number, to: number, depth: number, least: number, spread: number): void {
    let buckets = 2;
    while (buckets * rowsPerBucket < to - from && buckets < mostBuckets) buckets *= 2;
    if (this.#starts.length <= buckets) this.#starts = new Int32Array(2 * buckets);
    const starts = this.#starts;
    starts.fill(0, 0, buckets + 1);
    const { ranks, rows } = this;
    const scale = (buckets - 1) / spread;
    this.#spareRanks.set(ranks.subarray(from, to), from);
    this.#spareRows.set(rows.subarray(from, to), from);
    scatter(this.#spareRanks, this.#spareRows, from, to, least, scale, starts, buckets, ranks, rows);
    // Each bucket's start is now where the next begins.
    let begin = from;
    for (let bucket = 0; bucket < buckets; bucket++) {
      const end = starts[bucket]!;
      if (end - begin > fewRows) this.#ranges.push(begin, end, depth + 1);
      begin = end;
    }
    insertBuckets(ranks, rows, from, starts, buckets);
  }

  #compare(from: number, to: number): void {
    const { ranks, rows } = this;
    const order = Array.from({ length: to - from }, (_, i) => from + i);
    // Array.prototype.sort is stable. The difference of infinities is NaN.
    order.sort((a, b) => ranks[a]! - ranks[b]! || 0);
    const orderedRanks = Float64Array.from(order, (at) => ranks[at]!);
    const orderedRows = Int32Array.from(order, (at) => rows[at]!);
    ranks.set(orderedRanks, from);
    rows.set(orderedRows, from);
  }
}

// Loops are functions of their own: V8 optimises them one by one, and for good.

function number(rows: Int32Array, length: number): void {
  for (let row = 0; row < length; row++) rows[row] = row;
}

function survey(
  ranks: Float64Array,
  from: number,
  to: number,
): { readonly least: number; readonly most: number; readonly sorted: boolean } {
  let least = Infinity;
  let most = -Infinity;
  let previous = -Infinity;
  let sorted = true;
  for (let at = from; at < to; at++) {
    const rank = ranks[at]!;
    if (rank < previous) sorted = false;
    previous = rank;
    if (rank < least) least = rank;
    if (rank > most) most = rank;
  }
  return { least, most, sorted };
}

/** Lays rows into buckets; `starts`, zeros before, has the buckets' ends afterwards. */
function scatter(
  ranks: Float64Array,
  rows: Int32Array,
  from: number,
  to: number,
  least: number,
  scale: number,
  starts: Int32Array,
  buckets: number,
  ranksOut: Float64Array,
  rowsOut: Int32Array,
): void {
  for (let at = from; at < to; at++) starts[1 + (((ranks[at]! - least) * scale) | 0)]!++;
  starts[0] = from;
  for (let bucket = 1; bucket < buckets; bucket++) starts[bucket]! += starts[bucket - 1]!;
  for (let at = from; at < to; at++) {
    const rank = ranks[at]!;
    const place = starts[((rank - least) * scale) | 0]!++;
    ranksOut[place] = rank;
    rowsOut[place] = rows[at]!;
  }
}

/** Orders the rows of each bucket that has few. */
function insertBuckets(ranks: Float64Array, rows: Int32Array, from: number, ends: Int32Array, buckets: number): void {
  let begin = from;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const end = ends[bucket]!;
    if (end - begin <= fewRows) insert(ranks, rows, begin, end);
    begin = end;
  }
}

function insert(ranks: Float64Array, rows: Int32Array, from: number, to: number): void {
  for (let next = from + 1; next < to; next++) {
    const rank = ranks[next]!;
    let at = next - 1;
    if (ranks[at]! <= rank) continue;
    const row = rows[next]!;
    do {
      ranks[at + 1] = ranks[at]!;
      rows[at + 1] = rows[at]!;
      at--;
    } while (at >= from && ranks[at]! > rank);
    ranks[at + 1] = rank;
    rows[at + 1] = row;
  }
}
