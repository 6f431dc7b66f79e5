import type { AddUp } from "@gloam/plan";

/**
 * The sum of what the tasks of one stage added, in the order of their numbers, whatever the order in which they come: each waits for
 * those before it. So sums of floats are the same every time, and what is added up need not commute.
 */
export class OrderedSum {
  readonly #add: AddUp;
  /** What came before its turn. */
  readonly #waiting = new Map<number, { readonly value: unknown } | undefined>();
  #next = 0;
  #sum: { readonly value: unknown } | undefined;

  constructor(add: AddUp) {
    this.#add = add;
  }

  /** Takes what a task added; undefined for nothing. */
  take(index: number, added: { readonly value: unknown } | undefined): void {
    this.#waiting.set(index, added);
    for (; this.#waiting.has(this.#next); this.#next++) {
      this.#push(this.#waiting.get(this.#next));
      this.#waiting.delete(this.#next);
    }
  }

  /** What there is so far, in order. */
  parts(): unknown[] {
    return [this.#sum, ...this.#late()].flatMap((each) => (each === undefined ? [] : [each.value]));
  }

  /** The sum of all that has come; undefined where nothing was added. Nothing comes any more. */
  finish(): { readonly value: unknown } | undefined {
    for (const added of this.#late()) this.#push(added);
    this.#waiting.clear();
    return this.#sum;
  }

  #late(): ({ readonly value: unknown } | undefined)[] {
    return [...this.#waiting].sort(([left], [right]) => left - right).map(([, added]) => added);
  }

  #push(added: { readonly value: unknown } | undefined): void {
    if (added === undefined) return;
    this.#sum = this.#sum === undefined ? added : { value: this.#add(this.#sum.value, added.value) };
  }
}
