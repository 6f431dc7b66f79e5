import { generatedScheme } from "./code-cache.ts";

/**
 * Finds out which operation of a stage an exception came from. The innermost piece of the pipeline that sees the
 * exception names the operation; a piece that runs several of them looks at the lines of its generated code in the stack.
 */
export class FailureTrace {
  #error: unknown;
  #operation: number | undefined;

  /** Says that `error` came out of an operation (an index into the stage's nodes); the first to say so is right. */
  attribute(error: unknown, operation: number): void {
    if (this.#operation !== undefined && this.#error === error) return;
    this.#error = error;
    this.#operation = operation;
  }

  operationOf(error: unknown): number | undefined {
    return this.#error === error ? this.#operation : undefined;
  }
}

/** The line (one-based) of the generated code `file` that the innermost of its frames in the error's stack stands on. */
export function generatedLine(error: unknown, file: string): number | undefined {
  if (!(error instanceof Error) || typeof error.stack !== "string") return undefined;
  const escaped = file.slice(generatedScheme.length);
  const match = new RegExp(`${generatedScheme}${escaped}:(\\d+):\\d+`).exec(error.stack);
  return match === null ? undefined : Number(match[1]);
}
