import { GloamError } from "@gloam/common";
import type { BlockSource } from "../result-fetcher.ts";

type Fetch = Parameters<BlockSource["fetch"]>;

/** Blocks that the test delivers. */
export class FakeBlockSource implements BlockSource {
  /** What was asked for, and is neither cancelled nor answered. */
  readonly asked: { readonly address: Fetch[0]; readonly part: Fetch[1][number]; readonly options: Fetch[2] }[] = [];
  closed = false;

  fetch(address: Fetch[0], parts: Fetch[1], options: Fetch[2]): void {
    for (const part of parts) {
      const asked = { address, part, options };
      this.asked.push(asked);
      options.signal?.addEventListener("abort", () => this.#forget(asked));
    }
  }

  close(): void {
    this.closed = true;
  }

  /** Answers the first that was asked for, with chunks that it is made of. */
  answer(chunk: (index: number) => Uint8Array): void {
    const [first] = this.asked;
    if (first === undefined) throw new Error("nothing is asked for");
    this.#forget(first);
    const { from, to } = first.part;
    const chunks = Array.from({ length: to - from }, (_, index) => chunk(from + index));
    first.options.onFetched([{ part: 0, from, chunks }]);
  }

  fail(detail: string): void {
    const first = this.asked.shift();
    first?.options.onFetched([{ part: 0, error: new GloamError("GLOAM_FETCH_FAILED", detail) }]);
  }

  #forget(asked: (typeof this.asked)[number]): void {
    const at = this.asked.indexOf(asked);
    if (at >= 0) this.asked.splice(at, 1);
  }
}
