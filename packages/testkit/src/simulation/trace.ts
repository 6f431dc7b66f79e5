/** Takes a line of a story; one that is costly to write is only asked for if it is kept. */
export type Note = (what: string | (() => string)) => void;

/** Remembers what happened, for whoever has to understand how it came to a violation. */
export class Trace {
  readonly #lines: string[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  note(what: string): void {
    this.#lines.push(`${this.#now().toFixed(1).padStart(10)} ${what}`);
  }

  /** The last lines, of all if there are fewer. */
  last(count: number): readonly string[] {
    return this.#lines.slice(-count);
  }
}

/** A line about a message: its type and what is short in it. */
export function describeMessage(message: { readonly type: string }): string {
  const text = JSON.stringify(message, (key, value: unknown) => {
    if (value instanceof Uint8Array || value instanceof Float64Array) return `<${value.length}>`;
    if (key === "error") return "...";
    return key === "nodes" && Array.isArray(value) ? `<${value.length} nodes>` : value;
  });
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}

const longest = 240;
