import { Script } from "node:vm";

/** Prefix of the file names under which generated code appears in stacks. */
export const generatedScheme = "gloam-generated:";

/** The value of an expression, and the name of its text in stacks. */
interface CompiledCode {
  readonly value: unknown;
  readonly file: string;
}

/**
 * Compiled code by its text and the user functions that it calls. Text alone is not enough: V8 keeps type feedback and
 * inlining decisions with the code, and two sets of user functions behind one loop made it 5 times slower (1.8 to 9.8 ns
 * an element).
 */
export class CodeCache {
  readonly #entries = new Map<string, unknown>();
  readonly #capacity: number;
  readonly #templates = new WeakMap<object, string>();
  #next = 0;

  constructor(capacity = 2000) {
    this.#capacity = capacity;
  }

  /**
   * What `make` gives, made once for each key: the text of the code, or whatever that follows from, with the hashes of the functions
   * that it calls. Writing the text for every task would take longer than a short task.
   */
  once<T>(key: string, make: () => T): T {
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = make();
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
    return entry as T;
  }

  /** Evaluates an expression anew. */
  compile(text: string): CompiledCode {
    const file = `${generatedScheme}${this.#next++}`;
    return { value: new Script(text, { filename: file }).runInThisContext(), file };
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
    const expression = text;
    return this.once(`template ${functions}\n${expression}`, () => this.compile(expression).value as F);
  }
}
