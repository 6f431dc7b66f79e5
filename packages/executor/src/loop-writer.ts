import type { RowCode } from "@gloam/plan";

/** A generated loop before compilation: its text, and what this task binds to the names in it. */
export interface LoopSource {
  /** Names of `constants`, in order. */
  readonly names: readonly string[];
  /** Initial values of the task's mutable variables `s0`, `s1`, ..., as source text. */
  readonly variables: readonly string[];
  /** Where the variables are kept between two loops. */
  readonly state: Record<string, unknown>;
  /** Body of the loop, in pieces of one or more lines. */
  readonly body: readonly string[];
  /** For every piece of `body`, the index of the operation that wrote it. */
  readonly operations: readonly number[];
  readonly constants: readonly unknown[];
}

/** Names of an element, by what it is: see `RowCode`. */
type Element = Partial<Record<"value" | "text" | "keyedText", string>>;

/** How often a nested loop asks whether its task is cancelled: a power of two of elements. */
const elementsBetweenChecks = 1024;

/**
 * Collects the lines of a chain of row kernels and a sink. The text depends on kernels and kernel data alone; whatever
 * differs from task to task is a constant bound by name, so that the text can serve as the key of the compiled code.
 */
export class LoopWriter implements RowCode {
  readonly stop = "{ progress.stopped = true; next = i + 1; break partition; }";
  /** Values of the variables between two loops. */
  readonly state: Record<string, unknown> = {};
  #element: Element;
  #operation = 0;
  #functions: readonly unknown[] = [];
  #boundFunctions = new Map<number, string>();
  #locals = 0;
  #loops = 0;
  #output: Element | undefined;
  readonly #names: string[] = [];
  readonly #constants: unknown[] = [];
  readonly #variables: string[] = [];
  readonly #body: string[] = [];
  readonly #operations: number[] = [];

  /** @param isText The loop's elements are `TextSpan`s. */
  constructor(element: string, isText = false) {
    this.#element = isText ? { text: element } : { value: element };
  }

  get value(): string {
    const { text, keyedText = "" } = this.#element;
    return (this.#element.value ??= this.#named(
      text === undefined ? `[${keyedText}[0].toString(), ${keyedText}[1]]` : `${text}.toString()`,
    ));
  }

  get text(): string | undefined {
    return this.#element.text;
  }

  get keyedText(): string | undefined {
    return this.#element.keyedText;
  }

  /** Number of nested loops so far. */
  get loops(): number {
    return this.#loops;
  }

  /** Lets one operation write its lines; `operation` is what errors on these lines are attributed to. */
  write(operation: number, functions: readonly unknown[], emit: (code: RowCode) => void): void {
    this.#operation = operation;
    this.#functions = functions;
    this.#boundFunctions = new Map();
    this.#output = undefined;
    // A local that only the loop's exception handler reads: free in optimised code.
    this.line(`operation = ${operation};`);
    emit(this);
    this.#element = this.#output ?? this.#element;
  }

  userFunction(index: number): string {
    let name = this.#boundFunctions.get(index);
    if (name === undefined) {
      name = this.constant(this.#functions[index]);
      this.#boundFunctions.set(index, name);
    }
    return name;
  }

  constant(value: unknown): string {
    const name = `c${this.#names.length}`;
    this.#names.push(name);
    this.#constants.push(value);
    return name;
  }

  variable(initial: string): string {
    const name = `s${this.#variables.length}`;
    this.#variables.push(initial);
    return name;
  }

  reader(variable: string): () => unknown {
    const { state } = this;
    return () => state[variable];
  }

  setter(variable: string): (value: unknown) => void {
    const { state } = this;
    return (value) => {
      state[variable] = value;
    };
  }

  local(): string {
    return `v${++this.#locals}`;
  }

  line(text: string): void {
    this.#body.push(text);
    this.#operations.push(this.#operation);
  }

  loop(header: string): void {
    this.line(header);
    // Nested loops may be long, or endless: each asks for itself, before anything downstream can skip the element.
    this.line(`if ((++progress.ticks & ${elementsBetweenChecks - 1}) === 0) progress.check();`);
    this.#loops++;
  }

  output(expression: string): void {
    this.#output = { value: this.#named(expression) };
  }

  outputText(name: string): void {
    this.#output = { text: name };
  }

  outputKeyedText(expression: string): void {
    this.#output = { keyedText: this.#named(expression) };
  }

  /** Closes every nested loop and gives the whole; `collects` where what comes out is kept for the next loop. */
  finish(collects: boolean): LoopSource {
    if (collects) this.line(`out[count++] = ${this.value};`);
    for (let i = 0; i < this.#loops; i++) this.line("}");
    return {
      names: this.#names,
      variables: this.#variables,
      state: this.state,
      body: this.#body,
      operations: this.#operations,
      constants: this.#constants,
    };
  }

  #named(expression: string): string {
    if (/^[A-Za-z_$][\w$]*$/.test(expression)) return expression;
    const name = this.local();
    this.line(`const ${name} = ${expression};`);
    return name;
  }
}

/** The operation that wrote a line of a loop's body (zero-based), if it has as many. */
export function operationAt({ body, operations }: LoopSource, line: number): number | undefined {
  let next = 0;
  const piece = body.findIndex((text) => (next += text.split("\n").length) > line);
  return line < 0 ? undefined : operations[piece];
}
