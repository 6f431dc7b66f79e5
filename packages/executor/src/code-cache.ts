import { Script } from "node:vm";

/** Prefix of the file names under which generated code appears in stacks. */
export const generatedScheme = "gloam-generated:";

/** The value of an expression, and the name of its text in stacks. */
interface CachedCode {
  readonly value: unknown;
  readonly file: string;
}

/**
 * Compiled code by its text and the user functions that it calls. Text alone is not enough: V8 keeps type feedback and
 * inlining decisions with the code, and two sets of user functions behind one loop made it 5 times slower (1.8 to 9.8 ns
 * an element).
 */
export class CodeCache {
  readonly #entries = new Map<string, CachedCode>();
  readonly #capacity: number;
  readonly #templates = new WeakMap<object, string>();
  #next = 0;

  constructor(capacity = 2000) {
    this.#capacity = capacity;
  }

  /** Evaluates an expression once for each (text, functions). */
  evaluate(text: string, functions: string): CachedCode {
    const key = `${functions}\n${text}`;
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      const file = `${generatedScheme}${this.#next++}`;
      entry = { value: new Script(text, { filename: file }).runInThisContext(), file };
      if (this.#entries.size >= this.#capacity) {
        for (const oldest of this.#entries.keys()) {
          this.#entries.delete(oldest);
          break;
        }
      }
    } else {
      this.#entries.delete(key);
    }
    this.#entries.set(key, entry);
    return entry;
  }

  /**
   * A copy of a self-contained function, compiled from its source text once for each set of user functions. The same
   * copy each time, so that what V8 has learnt of it serves all tasks.
   */
  instantiate<F extends (...values: never[]) => unknown>(template: F, functions: string): F {
    let text = this.#templates.get(template);
    if (text === undefined) {
      text = `(${template.toString()})`;
      this.#templates.set(template, text);
    }
    return this.evaluate(text, functions).value as F;
  }
}
