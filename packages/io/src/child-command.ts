import { Buffer } from "node:buffer";
import type { ChildProcess } from "node:child_process";
import { accessSync, constants, rmSync } from "node:fs";
import { join } from "node:path";
import { GloamError } from "@gloam/common";

const newline = 10;
/** Bytes of lines that wait here before the command is made to wait. */
const mostWaiting = 256 * 1024;
/** Characters of what it wrote to standard error that are told with its failure. */
const toldCharacters = 2000;

/** A command, and how it is run and fed. */
export interface PipeCommand {
  /** The program and its arguments. */
  readonly argv: readonly string[];
  /** Added to the executor's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** An empty directory of its own to run in, which goes with it; this process's working directory where undefined. */
  readonly directory: string | undefined;
}

/**
 * Runs `$2 ...` beside a guard that waits for the other end of file descriptor 3 to be closed, be it because this process or its thread
 * is gone: then it removes the directory `$1`, if any, and ends the group of processes, itself included.
 */
const guarded =
  'directory=$1; shift; { read -r line; test -z "$directory" || rm -rf -- "$directory"; kill -KILL 0; } <&3 >/dev/null 2>&1 &' +
  ' exec 3<&-; exec "$@"';

/**
 * A process that reads lines and writes lines. What it writes to standard error goes to this process's. It ends with the task, whatever
 * the end of that, with all processes that it has started, as far as the system has a POSIX shell and groups of processes.
 */
export class ChildCommand {
  readonly #argv: readonly string[];
  readonly #directory: string | undefined;
  readonly #child: ChildProcess | undefined;
  /** Whole lines, with newlines between them, and the first bytes of the next line. */
  readonly #lines: Buffer[] = [];
  #waiting = 0;
  #begun: Buffer[] = [];
  #takesInput = true;
  #ended = false;
  #failure: GloamError | undefined;
  #told = "";
  #wake: () => void = () => undefined;

  constructor({ argv, env, directory }: PipeCommand) {
    this.#argv = argv;
    this.#directory = directory;
    const isPosix = process.platform !== "win32";
    try {
      findProgram(argv[0]!, env["PATH"]);
      // Loaded here: most programs have no use for it.
      const { spawn } = process.getBuiltinModule("node:child_process");
      const [program, ...parameters] = isPosix
        ? ["/bin/sh", "-c", guarded, "gloam-pipe", this.#directory ?? "", ...argv]
        : [argv[0]!, ...argv.slice(1)];
      this.#child = spawn(program, parameters, {
        cwd: this.#directory,
        env: { ...process.env, ...env },
        stdio: ["pipe", "pipe", "pipe", "pipe"],
        detached: isPosix,
      });
      this.#listen(this.#child);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Whether there are lines to take. */
  get hasOutput(): boolean {
    return this.#lines.length > 0;
  }

  /** Whether it has ended, and no lines are left. */
  get hasEnded(): boolean {
    return this.#ended && !this.hasOutput;
  }

  /** Whether it takes lines now; never again once it has closed its input. */
  get takesInput(): boolean {
    return this.#takesInput;
  }

  /** Resolves when next lines have come, more is taken, or it has ended; what happened before the call is not told again. */
  news(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** Gives it text; false when it has enough for now. */
  write(text: string): boolean {
    this.#takesInput = this.#child?.stdin?.write(text) ?? false;
    return this.#takesInput;
  }

  /** There are no more lines for it. */
  endInput(): void {
    this.#takesInput = false;
    this.#child?.stdin?.end();
  }

  /** Lines with newlines between them; undefined where none wait. */
  takeLines(): Buffer | undefined {
    const lines = this.#lines.shift();
    if (lines === undefined) return undefined;
    this.#waiting -= lines.length;
    if (this.#waiting < mostWaiting) this.#child?.stdout?.resume();
    return lines;
  }

  /** @throws GloamError `GLOAM_PIPE_FAILED` where it has failed. */
  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Ends it, whatever it does, with what it has started. */
  end(): void {
    const child = this.#child;
    const pid = child?.pid;
    if (child !== undefined && pid !== undefined && !this.#ended) {
      // Before the guard ends with its group: this thread may be ended at any time, and then it is the guard's work.
      this.#removeDirectory();
      // The group, as the command may be a shell that waits for others.
      if (process.platform === "win32" || !killGroup(pid)) child.kill("SIGKILL");
    }
    this.#ended = true;
    this.#removeDirectory();
    for (const stream of child?.stdio ?? []) stream?.destroy();
  }

  #removeDirectory(): void {
    if (this.#directory === undefined) return;
    try {
      rmSync(this.#directory, { recursive: true, force: true });
    } catch {
      // The command has just made a file there. It is in the directory for temporary files.
    }
  }

  #listen(child: ChildProcess): void {
    child.on("error", (error) => this.#fail(error));
    // The guard keeps the command's "close" from coming.
    let open = 3;
    const closed = (): void => {
      if (--open === 0) this.#close(child.exitCode, child.signalCode);
    };
    child.on("exit", closed);
    child.stdout?.on("close", closed);
    child.stderr?.on("close", closed);
    child.stdio[3]?.on("error", () => undefined);
    // What it does not read is lost with its input; whether that is a failure, its status says.
    child.stdin?.on("error", () => this.#stopInput());
    child.stdin?.on("close", () => this.#stopInput());
    child.stdin?.on("drain", () => {
      this.#takesInput = true;
      this.#wake();
    });
    child.stdout?.on("data", (bytes: Buffer) => this.#take(bytes));
    child.stderr?.setEncoding("utf8");
    child.stderr?.on("data", (text: string) => {
      process.stderr.write(text);
      this.#told = (this.#told + text).slice(-toldCharacters);
    });
  }

  #stopInput(): void {
    this.#takesInput = false;
    this.#wake();
  }

  #take(bytes: Buffer): void {
    const last = bytes.lastIndexOf(newline);
    if (last < 0) {
      this.#begun.push(bytes);
      return;
    }
    this.#add(Buffer.concat([...this.#begun, bytes.subarray(0, last)]));
    this.#begun = last + 1 < bytes.length ? [bytes.subarray(last + 1)] : [];
    if (this.#waiting >= mostWaiting) this.#child?.stdout?.pause();
  }

  #add(lines: Buffer): void {
    this.#lines.push(lines);
    this.#waiting += lines.length;
    this.#wake();
  }

  #close(code: number | null, signal: string | null): void {
    if (this.#ended) return;
    if (this.#begun.length > 0) this.#add(Buffer.concat(this.#begun));
    this.#begun = [];
    this.#takesInput = false;
    this.#ended = true;
    if (code !== 0) {
      const end = signal === null ? `ended with status ${code}` : `was ended by ${signal}`;
      const told = this.#told.trim();
      this.#failure = failure(`${shown(this.#argv)} ${end}${told === "" ? "" : `: ${told}`}`);
    }
    this.#wake();
  }

  #fail(error: unknown): void {
    if (this.#ended) return;
    this.#takesInput = false;
    this.#ended = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#failure = failure(`${shown(this.#argv)} cannot be started: ${reason}`, error);
    this.#wake();
  }
}

function failure(message: string, cause?: unknown): GloamError {
  return new GloamError("GLOAM_PIPE_FAILED", message, { cause });
}

function shown(argv: readonly string[]): string {
  const words = argv.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : JSON.stringify(word))).join(" ");
  return `the command ${words.length > 200 ? `${words.slice(0, 200)}...` : words}`;
}

/** @throws where no program has that name: the shell would only end with a status that any command may end with */
function findProgram(program: string, path = process.env["PATH"] ?? ""): void {
  // Relative paths are left to the command's own directory.
  if (program.includes("/") || process.platform === "win32") return;
  if (!path.split(":").some((directory) => isExecutable(join(directory, program))))
    throw new Error("there is no such command");
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function killGroup(pid: number): boolean {
  try {
    process.kill(-pid, "SIGKILL");
    return true;
  } catch {
    // It is gone, or was given no group.
    return false;
  }
}
