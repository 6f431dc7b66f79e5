import type { OutputName } from "@gloam/protocol";
import type { OutputHandle } from "@gloam/storage";

/** Outputs that the driver has freed, until the I/O thread has sent the last bytes that somebody asked for before. */
export class ReleasingOutputs {
  readonly #handles = new Map<string, OutputHandle>();

  add(handles: readonly OutputHandle[]): void {
    for (const handle of handles) this.#handles.set(keyOf(handle), handle);
  }

  /** Takes those out whose memory and files may go now. */
  take(names: readonly OutputName[]): OutputHandle[] {
    return names.flatMap((name) => {
      const key = keyOf(name);
      const handle = this.#handles.get(key);
      this.#handles.delete(key);
      return handle ?? [];
    });
  }
}

function keyOf({ store, output }: OutputName): string {
  return `${store} ${output}`;
}
