import type { OutputName } from "@gloam/protocol";
import type { OutputHandle } from "@gloam/storage";

/** Stands for an output that is not here any more: whoever opens it is told so. */
export interface LostOutput {
  readonly lost: true;
  readonly store: number;
  readonly output: number;
}

/** The outputs of an executor that are committed and not freed, by their names. */
export class CommittedOutputs {
  readonly #stores = new Map<number, Map<number, OutputHandle>>();

  add(handle: OutputHandle): void {
    const outputs = this.#stores.get(handle.store) ?? new Map<number, OutputHandle>();
    this.#stores.set(handle.store, outputs);
    outputs.set(handle.output, handle);
  }

  get({ store, output }: OutputName): OutputHandle | LostOutput {
    return this.#stores.get(store)?.get(output) ?? { lost: true, store, output };
  }

  /** Takes outputs out; those that are not there are no error. */
  take(names: readonly OutputName[]): OutputHandle[] {
    const taken: OutputHandle[] = [];
    for (const { store, output } of names) {
      const outputs = this.#stores.get(store);
      const handle = outputs?.get(output);
      if (outputs === undefined || handle === undefined) continue;
      outputs.delete(output);
      if (outputs.size === 0) this.#stores.delete(store);
      taken.push(handle);
    }
    return taken;
  }
}
