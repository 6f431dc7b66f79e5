import type { Random } from "@gloam/common";
import type { BroadcastId } from "@gloam/plan";

/** Who is to fetch which pieces, and from whom: from the driver where no executor is named. */
interface PieceAssignment {
  readonly executor: string;
  readonly broadcast: BroadcastId;
  readonly pieces: readonly number[];
  readonly from: string | undefined;
}

export interface BroadcastTrackerOptions {
  readonly random: Random;
  readonly assign: (assignment: PieceAssignment) => void;
  /** An executor has failed too often to get a broadcast. */
  readonly giveUp: (executor: string, broadcast: BroadcastId, reason: string) => void;
}

/** Pieces that one executor fetches at a time, and that one source sends. */
const window = 8;
/** How often the driver sends a piece where nobody who has it fails or is lost. */
const mostSends = 2;
/** Failed attempts at pieces of one broadcast after which an executor gives up. */
const mostFailures = 16;

interface Piece {
  readonly holders: Set<string>;
  /** Executors that fetch it from the driver. */
  readonly fetching: Set<string>;
  /** Times that the driver has sent it to an executor that is still there. */
  sends: number;
}

/** An executor that wants a broadcast and has not all of it. */
interface Demand {
  readonly missing: Set<number>;
  /** Pieces under way, and from whom. */
  readonly inFlight: Map<number, string | undefined>;
  failures: number;
}

interface Tracked {
  readonly pieces: readonly Piece[];
  /** The driver sends it to whoever asks: passing it on would take longer. */
  readonly isSmall: boolean;
  readonly demands: Map<string, Demand>;
}

/**
 * Decides who gets which piece of a broadcast from whom, so that the driver sends each about once and executors pass them on. Knows who
 * has what: whoever has a piece gives it to others. What nobody has comes from the driver, in random order; an executor for which
 * nothing is left but what others are fetching gets it from the driver a second time, so that a slow one holds nobody up.
 *
 * A pure machine: it is told what happens, and says through its options what is to be done.
 */
export class BroadcastTracker {
  readonly #options: BroadcastTrackerOptions;
  readonly #tracked = new Map<BroadcastId, Tracked>();
  /** Pieces that are being sent, by source. */
  readonly #sending = new Map<string | undefined, number>();

  constructor(options: BroadcastTrackerOptions) {
    this.#options = options;
  }

  /** A broadcast may be asked for from now on. */
  add(broadcast: BroadcastId, pieces: number, isSmall: boolean): void {
    const made = Array.from({ length: pieces }, (): Piece => ({ holders: new Set(), fetching: new Set(), sends: 0 }));
    this.#tracked.set(broadcast, { pieces: made, isSmall, demands: new Map() });
  }

  /** Forgets who has or fetches what of it; gives those executors. */
  clear(broadcast: BroadcastId): string[] {
    const tracked = this.#tracked.get(broadcast);
    if (tracked === undefined) return [];
    const executors = new Set(tracked.demands.keys());
    for (const executor of [...tracked.demands.keys()]) this.#endDemand(tracked, executor);
    for (const piece of tracked.pieces) {
      for (const holder of piece.holders) executors.add(holder);
      piece.holders.clear();
      piece.sends = 0;
    }
    this.#planAll(broadcast);
    return [...executors];
  }

  /** Forgets a broadcast; gives the executors that have or fetch something of it. */
  remove(broadcast: BroadcastId): string[] {
    const executors = this.clear(broadcast);
    this.#tracked.delete(broadcast);
    return executors;
  }

  /** An executor that has nothing of a broadcast wants it. */
  ask(executor: string, broadcast: BroadcastId): void {
    const tracked = this.#tracked.get(broadcast);
    if (tracked === undefined) return;
    this.#endDemand(tracked, executor);
    for (const { holders } of tracked.pieces) holders.delete(executor);
    const missing = new Set(tracked.pieces.keys());
    tracked.demands.set(executor, { missing, inFlight: new Map(), failures: 0 });
    this.#plan(broadcast, tracked);
  }

  /** An executor has a piece, and gives it to others. */
  taken(executor: string, broadcast: BroadcastId, piece: number): void {
    const tracked = this.#tracked.get(broadcast);
    const demand = tracked?.demands.get(executor);
    const of = tracked?.pieces[piece];
    if (tracked === undefined || demand === undefined || of === undefined) return;
    if (demand.inFlight.has(piece)) this.#endFetch(tracked, executor, demand, piece);
    demand.missing.delete(piece);
    of.holders.add(executor);
    if (demand.missing.size + demand.inFlight.size === 0) tracked.demands.delete(executor);
    this.#planAll(broadcast);
  }

  /** An executor could not get a piece from whom it was told to. */
  failed(executor: string, broadcast: BroadcastId, piece: number, from: string | undefined, reason: string): void {
    const tracked = this.#tracked.get(broadcast);
    const demand = tracked?.demands.get(executor);
    if (tracked === undefined || demand === undefined) return;
    // It has been told of another source since.
    if (!demand.inFlight.has(piece) || demand.inFlight.get(piece) !== from) return;
    this.#endFetch(tracked, executor, demand, piece);
    demand.missing.add(piece);
    const of = tracked.pieces[piece];
    if (from !== undefined) of?.holders.delete(from);
    else if (of !== undefined) of.sends = 0;
    if (++demand.failures > mostFailures) {
      this.#endDemand(tracked, executor);
      this.#options.giveUp(executor, broadcast, reason);
    }
    this.#planAll(broadcast);
  }

  /** An executor is gone, with all that it had; whoever fetches something from it fetches it elsewhere. */
  lost(executor: string): void {
    for (const tracked of this.#tracked.values()) {
      this.#endDemand(tracked, executor);
      for (const piece of tracked.pieces) {
        // The driver's copy may have been lost with it.
        if (piece.holders.delete(executor) && piece.holders.size === 0) piece.sends = 0;
      }
      for (const [other, demand] of tracked.demands) {
        for (const [piece, from] of [...demand.inFlight]) {
          if (from !== executor) continue;
          this.#endFetch(tracked, other, demand, piece);
          demand.missing.add(piece);
        }
      }
    }
    this.#sending.delete(executor);
    for (const [broadcast, tracked] of this.#tracked) this.#plan(broadcast, tracked);
  }

  /** Executors may be asked for more again: for other broadcasts too, and for those first. */
  #planAll(last: BroadcastId): void {
    for (const [broadcast, tracked] of this.#tracked) if (broadcast !== last) this.#plan(broadcast, tracked);
    const tracked = this.#tracked.get(last);
    if (tracked !== undefined) this.#plan(last, tracked);
  }

  /** Gives every executor as much to fetch as it may. */
  #plan(broadcast: BroadcastId, tracked: Tracked): void {
    const assigned = new Map<string, PieceAssignment & { readonly pieces: number[] }>();
    // One piece each in turn, so that all of them begin with others.
    for (let isPlanning = true; isPlanning;) {
      isPlanning = false;
      for (const [executor, demand] of tracked.demands) {
        const choice = demand.inFlight.size < window ? this.#choose(tracked, demand) : undefined;
        if (choice === undefined) continue;
        isPlanning = true;
        const { piece, from } = choice;
        this.#beginFetch(tracked, executor, demand, piece, from);
        const key = `${executor} ${from ?? ""}`;
        const known = assigned.get(key);
        if (known === undefined) assigned.set(key, { executor, broadcast, pieces: [piece], from });
        else known.pieces.push(piece);
      }
    }
    for (const assignment of assigned.values()) this.#options.assign(assignment);
  }

  #choose({ pieces, isSmall }: Tracked, demand: Demand): { piece: number; from: string | undefined } | undefined {
    const missing = [...demand.missing];
    if (isSmall) return missing[0] === undefined ? undefined : { piece: missing[0], from: undefined };
    const unsent = missing.filter((piece) => pieces[piece]!.holders.size + pieces[piece]!.fetching.size === 0);
    if (unsent.length > 0 && this.#mayAsk(undefined)) return { piece: this.#oneOf(unsent), from: undefined };
    const held = missing.filter((piece) => [...pieces[piece]!.holders].some((holder) => this.#mayAsk(holder)));
    if (held.length > 0) {
      const piece = this.#oneOf(held);
      const holders = [...pieces[piece]!.holders];
      const least = Math.min(...holders.map((holder) => this.#sendingOf(holder)));
      return { piece, from: this.#oneOf(holders.filter((holder) => this.#sendingOf(holder) === least)) };
    }
    if (demand.inFlight.size > 0) return undefined;
    const again = missing.filter((piece) => pieces[piece]!.holders.size === 0 && pieces[piece]!.sends < mostSends);
    return again.length > 0 && this.#mayAsk(undefined) ? { piece: this.#oneOf(again), from: undefined } : undefined;
  }

  #beginFetch(tracked: Tracked, executor: string, demand: Demand, piece: number, from: string | undefined): void {
    demand.missing.delete(piece);
    demand.inFlight.set(piece, from);
    this.#sending.set(from, this.#sendingOf(from) + 1);
    if (from !== undefined) return;
    const of = tracked.pieces[piece]!;
    of.fetching.add(executor);
    of.sends++;
  }

  /** A fetch has ended, in whatever way. */
  #endFetch(tracked: Tracked, executor: string, demand: Demand, piece: number): void {
    const from = demand.inFlight.get(piece);
    demand.inFlight.delete(piece);
    this.#sending.set(from, Math.max(0, this.#sendingOf(from) - 1));
    if (from === undefined) tracked.pieces[piece]?.fetching.delete(executor);
  }

  #endDemand(tracked: Tracked, executor: string): void {
    const demand = tracked.demands.get(executor);
    if (demand === undefined) return;
    for (const [piece, from] of [...demand.inFlight]) {
      this.#endFetch(tracked, executor, demand, piece);
      // What it was sent went with it.
      if (from === undefined) tracked.pieces[piece]!.sends--;
    }
    tracked.demands.delete(executor);
  }

  #mayAsk(source: string | undefined): boolean {
    return this.#sendingOf(source) < window;
  }

  #sendingOf(source: string | undefined): number {
    return this.#sending.get(source) ?? 0;
  }

  #oneOf<T>(choices: readonly T[]): T {
    return choices[this.#options.random.nextInt(choices.length)]!;
  }
}
