import { GloamError } from "@gloam/common";

/**
 * Key of the method by which an object says how it travels. `Symbol.for`, so that several copies of this package agree.
 *
 * @example
 * class Broadcast { [transferSymbol]() { return { kind: "gloam.broadcast", data: { id: this.id } }; } }
 * class Rdd { [transferSymbol]() { return { refuse: "is an RDD", mend: "collect it first, or join" }; } }
 */
export const transferSymbol: unique symbol = Symbol.for("gloam.transfer") as never;

/** How an object travels: not at all, or as data that a registered reviver turns into a value on the executor. */
export type Transfer =
  | {
      /** Ends a sentence that begins with the value: `is an RDD`. */
      readonly refuse: string;
      /** What to do instead. */
      readonly mend: string;
    }
  | {
      /** Name given to `registerReviver`. */
      readonly kind: string;
      /** Any value that may be captured; snapshotted like one. The object itself lives as long as who captured it. */
      readonly data: unknown;
    };

/** An object that says how it travels. */
export interface Transferable {
  [transferSymbol](): Transfer;
}

/** Whether a value says itself how it travels. */
export function isTransferable(value: object): value is Transferable {
  return typeof (value as Partial<Transferable>)[transferSymbol] === "function";
}

type Revive = (data: unknown) => unknown;

const registryKey = Symbol.for("gloam.transfer.revivers");

function registry(): Map<string, Revive> {
  const holder = globalThis as { [registryKey]?: Map<string, Revive> };
  return (holder[registryKey] ??= new Map());
}

/**
 * Registers what makes a value of transferred data on an executor. Called again with the same name it replaces the reviver.
 *
 * @param name The `kind` that `[transferSymbol]()` returns.
 * @param revive Called for every task that uses the value, with a fresh copy of the data. Runs synchronously.
 */
export function registerReviver(name: string, revive: (data: never) => unknown): void {
  registry().set(name, revive as Revive);
}

/** Makes a value of transferred data. */
export function reviveTransfer(name: string, data: unknown): unknown {
  const revive = registry().get(name);
  if (revive === undefined) {
    throw new GloamError("GLOAM_INTERNAL", `no reviver named '${name}' is registered on this executor`);
  }
  return revive(data);
}
