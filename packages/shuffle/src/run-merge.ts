import { Interleaver, type ColumnBatch } from "@gloam/arrow";
import type { Batch } from "@gloam/plan";
import { batchBytes } from "./column-bytes.ts";
import { MergedBatch } from "./merged-batch.ts";
import type { RankKind } from "./key-ranks.ts";
import type { RunCursor } from "./run-cursor.ts";

/** Rows of an output batch. */
const mostRows = 4096;
const fewestRows = 64;
const firstRows = 512;
/** Bytes of an output batch: loops read text fastest up to there, see `readingSlices`. */
const outputBytes = 96 * 1024;

/**
 * Merges sorted runs into batches; equal keys come in the order of runs. Cursors must have been loaded, and stand in the order
 * of runs. A tree of losers (Knuth, volume 3, 5.4.1) over the ranks of the runs' next rows: one comparison of numbers for
 * each level, and keys are compared only where ranks are equal. Rows are noted, and copied batch by batch.
 */
export class RunMerge {
  readonly #cursors: readonly RunCursor[];
  readonly #check: () => void;
  /** Of each inner node the run that lost there; the winner of all at 0. */
  readonly #tree: Int32Array;
  /** The ranks of the losers' next rows; NaN where they say nothing, Infinity at a run's end. */
  readonly #nodeRanks: Float64Array;
  /** Of each run the ranks of its present batch. */
  readonly #ranks: Float64Array[] = [];
  readonly #at: Int32Array;
  readonly #to: Int32Array;
  readonly #ended: boolean[];
  /** The present batch's place among the interleaver's sources: each run has two, so that rows of the batch before can wait. */
  readonly #places: Int32Array;
  /** The first row of the present batch that is not in an output batch yet. */
  readonly #since: Int32Array;
  /** Output batches when a run's batch was changed last. */
  readonly #changed: Int32Array;
  readonly #copied = (columns: ColumnBatch): void => this.#limitRows(columns.length, batchBytes(columns));
  /** Bytes of texts and the like that were brought near for the next output batch. */
  #approached = 0;
  readonly #interleaver: Interleaver;
  readonly #sources = new Int32Array(mostRows);
  readonly #rowNumbers = new Int32Array(mostRows);
  /** Values of rows where the runs' batches are not all of the same types. */
  #rows: unknown[] | undefined;
  #length = 0;
  #limit = firstRows;
  #output = 1;
  /** The run whose batch has come to its end. */
  #due = -1;
  /** What the ranks of all runs are of; none where they differ. */
  #kind: RankKind | undefined;
  /** Whether equal ranks mean equal keys. */
  #exact = true;
  #noRanks = new Float64Array(0);

  constructor(cursors: readonly RunCursor[], checkCancelled: () => void) {
    const count = cursors.length;
    this.#cursors = cursors;
    this.#check = checkCancelled;
    this.#interleaver = new Interleaver(2 * count);
    this.#tree = new Int32Array(Math.max(1, count)).fill(-1);
    this.#nodeRanks = new Float64Array(this.#tree.length);
    this.#at = new Int32Array(count);
    this.#to = new Int32Array(count);
    this.#ended = new Array<boolean>(count).fill(false);
    this.#places = Int32Array.from({ length: count }, (_, run) => 2 * run);
    this.#since = new Int32Array(count);
    this.#changed = new Int32Array(count);
    for (let run = 0; run < count; run++) this.#take(run);
    for (let run = 0; run < count; run++) this.#enter(run);
  }

  /** The next rows, valid until the next call; undefined at the end. */
  next(): Batch | undefined {
    this.#check();
    for (;;) {
      if (this.#due >= 0) this.#change(this.#due);
      const winner = this.#tree[0]!;
      if (winner < 0 || this.#ended[winner] === true) break;
      if (this.#rows === undefined) this.#pick();
      else this.#pickRows(this.#rows);
      const due = this.#due;
      // The rows before have to go where they are from a batch whose place is needed.
      if (due < 0 || this.#changed[due] === this.#output) break;
    }
    return this.#finish();
  }

  /** Notes rows in order until there are enough, or a batch has come to its end. */
  #pick(): void {
    const sources = this.#sources;
    const rows = this.#rowNumbers;
    const places = this.#places;
    const limit = this.#limit;
    const at = this.#at;
    const to = this.#to;
    let length = this.#length;
    let run = this.#tree[0]!;
    while (length < limit) {
      const row = at[run]!;
      sources[length] = places[run]!;
      rows[length++] = row;
      at[run] = row + 1;
      if (row + 1 === to[run]!) {
        this.#due = run;
        break;
      }
      run = this.#replay(run, this.#ranks[run]![row + 1]!);
    }
    this.#length = length;
  }

  #pickRows(rows: unknown[]): void {
    while (rows.length < mostRows) {
      const run = this.#tree[0]!;
      const row = this.#at[run]!++;
      rows.push(this.#cursors[run]!.rows()[row]);
      if (row + 1 === this.#to[run]!) {
        this.#due = run;
        return;
      }
      this.#replay(run, this.#ranks[run]![row + 1]!);
    }
  }

  #finish(): Batch | undefined {
    const length = this.#length;
    this.#output++;
    if (length > 0) {
      this.#length = 0;
      for (let run = 0; run < this.#at.length; run++) this.#approach(run);
      this.#limitRows(length, this.#approached);
      this.#approached = 0;
      const merged = { interleaver: this.#interleaver, sources: this.#sources, rows: this.#rowNumbers, length };
      return new MergedBatch(merged, this.#copied);
    }
    const rows = this.#rows;
    if (rows === undefined || rows.length === 0) return undefined;
    this.#rows = [];
    return { length: rows.length, rows };
  }

  /** Brings the noted rows of a run's present batch near. */
  #approach(run: number): void {
    const since = this.#since[run]!;
    const at = this.#at[run]!;
    if (at > since) this.#approached += this.#interleaver.approach(this.#places[run]!, since, at);
    this.#since[run] = at;
  }

  /** Bounds the next output batch's rows, when `length` rows took so many bytes. */
  #limitRows(length: number, bytes: number): void {
    const rows = Math.floor((length * outputBytes) / (bytes + 1));
    this.#limit = Math.min(mostRows, Math.max(fewestRows, rows));
  }

  /** Goes on with a run's next batch. */
  #change(run: number): void {
    this.#due = -1;
    if (this.#length > 0) this.#approach(run);
    if (this.#cursors[run]!.load()) {
      this.#places[run]! ^= 1;
      this.#changed[run] = this.#output;
      this.#take(run);
    } else {
      this.#ended[run] = true;
    }
    this.#replay(run, this.#rankOf(run));
  }

  /** Takes over the batch that a cursor has loaded. */
  #take(run: number): void {
    const cursor = this.#cursors[run]!;
    const { columns, from, to } = cursor;
    this.#at[run] = from;
    this.#since[run] = from;
    this.#to[run] = to;
    if (this.#rows === undefined && (columns === undefined || !this.#interleaver.place(this.#places[run]!, columns)))
      this.#rows = [];
    this.#kind ??= cursor.rankKind;
    if (cursor.rankKind !== this.#kind) this.#kind = "none";
    this.#exact &&= cursor.exact;
    this.#ranks[run] = cursor.ranks;
    if (this.#kind === "none") this.#forgetRanks();
  }

  /** From now on, whole keys are compared. */
  #forgetRanks(): void {
    const length = this.#to.reduce((most, to) => Math.max(most, to), 0);
    if (this.#noRanks.length < length) this.#noRanks = new Float64Array(2 * length).fill(NaN);
    for (let run = 0; run < this.#ranks.length; run++) this.#ranks[run] = this.#noRanks;
    this.#nodeRanks.fill(NaN);
  }

  /** The rank of a run's next row. */
  #rankOf(run: number): number {
    return this.#ended[run] === true ? Infinity : this.#ranks[run]![this.#at[run]!]!;
  }

  /** Lets a run into the tree: it waits at the first node where it has nobody to play. */
  #enter(run: number): void {
    const tree = this.#tree;
    let winner = run;
    for (let node = (run + this.#cursors.length) >> 1; node >= 1; node >>= 1) {
      const other = tree[node]!;
      const waits = other < 0 || this.#isBefore(other, winner);
      if (waits) {
        tree[node] = winner;
        this.#nodeRanks[node] = this.#rankOf(winner);
      }
      if (other < 0) return;
      if (waits) winner = other;
    }
    tree[0] = winner;
  }

  /** Plays the winner's games again, after its next row has another rank; gives the new winner. */
  #replay(run: number, runRank: number): number {
    const tree = this.#tree;
    const nodeRanks = this.#nodeRanks;
    let winner = run;
    let rank = runRank;
    for (let node = (run + this.#cursors.length) >> 1; node >= 1; node >>= 1) {
      const otherRank = nodeRanks[node]!;
      if (otherRank > rank) continue;
      const other = tree[node]!;
      if (otherRank < rank || this.#isBefore(other, winner)) {
        tree[node] = winner;
        nodeRanks[node] = rank;
        winner = other;
        rank = otherRank;
      }
    }
    tree[0] = winner;
    return winner;
  }

  /** Whether the next row of one run comes before that of another. */
  #isBefore(a: number, b: number): boolean {
    if (this.#ended[a] === true || this.#ended[b] === true) return this.#ended[b] === true;
    const rankA = this.#rankOf(a);
    const rankB = this.#rankOf(b);
    if (rankA !== rankB || !this.#exact) {
      const order = this.#cursors[a]!.compare(this.#at[a]!, this.#cursors[b]!, this.#at[b]!);
      if (order !== 0) return order < 0;
    }
    return a < b;
  }
}
