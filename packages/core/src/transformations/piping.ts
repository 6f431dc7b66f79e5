import { pipeNode } from "@gloam/io";
import { invalid } from "../arguments.ts";
import { Operation } from "../operation.ts";
import { Rdd } from "../rdd.ts";

/** Options of `pipe`. */
export interface PipeOptions<T> {
  /** Variables that the command gets besides those of the executor. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /**
   * Run each task's command in a new, empty directory of its executor, which is deleted with the task; in the executor's working
   * directory when left out.
   */
  readonly separateWorkingDir?: boolean | undefined;
  /** Writes lines that the command gets before the first element, also where there is none. */
  readonly printPipeContext?: ((print: (line: string) => void) => unknown) | undefined;
  /** Writes an element's lines, any number of them, instead of the one line `String(element)`. */
  readonly printElement?: ((element: T, print: (line: string) => void) => unknown) | undefined;
}

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * The lines that a command writes to standard output, as texts without their ends. One process for each partition gets the
     * elements as lines, `String(element)`, on standard input. No shuffle. Both ways are streamed: the command waits where its lines
     * are not read, and elements are computed as it takes them. A process is started in some milliseconds, and a line costs some
     * tenths of a microsecond each way.
     *
     * A command that closes its input early, as `head` does, gets no more, which is no failure. What it writes to standard error goes
     * to the executor's, and its end into the error. A command ends with its task, with all processes that it has started: also where
     * the job is cancelled, enough was taken, or the executor is killed.
     *
     * @param command The program and its arguments; a text is cut at blanks, quotes mean nothing in it. No shell is involved: for one,
     * `["sh", "-c", "sort | uniq -c"]`. It is looked up in the executor's `PATH`.
     * @throws GloamError `GLOAM_PIPE_FAILED` from the action, where it cannot be started or ends with another status than 0
     *
     * @example
     * await gc.parallelize(["b", "c", "a"], 1).pipe("sort -r").collect(); // ["c", "b", "a"]
     * const counted = gc.range(4).pipe(["sh", "-c", "wc -l"], { env: { LANG: "C" } });
     * (await counted.map(Number).sum()); // 4
     */
    pipe(command: string | readonly string[], options?: PipeOptions<T>): Rdd<string>;
  }
}

Rdd.prototype.pipe = function <T>(
  this: Rdd<T>,
  command: string | readonly string[],
  options: PipeOptions<never> = {},
): Rdd<string> {
  const operation = new Operation(this.context, "pipe");
  const argv: unknown = typeof command === "string" ? command.trim().split(/\s+/) : command;
  if (!isCommand(argv)) throw invalid(operation, "expected a command: a text that is not empty, or an array of texts");
  const { env = {}, separateWorkingDir = false, printPipeContext, printElement } = options;
  for (const [name, value] of Object.entries<unknown>(env))
    if (typeof value !== "string") throw invalid(operation, `the variable ${name} of the environment must be a text`);
  return operation.rdd(
    pipeNode(
      operation,
      this.node,
      { argv, env, separateDirectory: separateWorkingDir },
      {
        context: printPipeContext && operation.capture(printPipeContext),
        element: printElement && operation.capture(printElement),
      },
    ),
  );
};

function isCommand(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((word) => typeof word === "string") && value.length > 0 && value[0] !== "";
}
