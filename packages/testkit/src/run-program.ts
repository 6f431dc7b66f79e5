import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** How a program of `programs/` is run. */
export interface ProgramOptions {
  readonly parameters?: readonly string[];
  /** Sent when the program has printed the line "ready". */
  readonly signal?: NodeJS.Signals;
  /** Path of the Node.js that runs it; that of the tests unless told. */
  readonly node?: string;
  /** Options of `node`, such as `--import tsx`. */
  readonly nodeOptions?: readonly string[];
  /** A command that runs the program's shell, such as `["unshare", "--mount"]`. */
  readonly within?: readonly string[];
  /** A shell command that runs before the program in its process, such as a `ulimit`. */
  readonly before?: string;
  /** The program is killed after this many milliseconds; 90,000 unless told. */
  readonly timeout?: number;
}

/** How a program ended. */
export interface ProgramEnd {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly complaints: string;
  /** From the signal, or else from the start, to the end. */
  readonly milliseconds: number;
  /** What it left in its temporary directory, which was empty. */
  readonly leftBehind: readonly string[];
}

/** Runs a program of `programs/`, or one with an absolute path, in a process and a temporary directory of its own, and reports how it ended. */
export async function runProgram(name: string, options: ProgramOptions = {}): Promise<ProgramEnd> {
  const scratch = mkdtempSync(join(tmpdir(), "gloam-program-"));
  const file = resolve(fileURLToPath(new URL("./programs", import.meta.url)), name);
  const program = [
    options.node ?? process.execPath,
    ...(options.nodeOptions ?? []),
    file,
    ...(options.parameters ?? []),
  ];
  try {
    const shell = ["sh", "-c", `${options.before ?? ":"}; exec "$@"`, "sh", ...program];
    const [command, ...parameters] = [...(options.within ?? []), ...shell] as [string, ...string[]];
    const child = spawn(command, parameters, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, TMPDIR: scratch, NO_COLOR: "1" },
      timeout: options.timeout ?? 90_000,
      killSignal: "SIGKILL",
    });
    let begin = performance.now();
    let output = "";
    let complaints = "";
    child.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (options.signal !== undefined && output.includes("ready\n") && child.exitCode === null) {
        begin = performance.now();
        child.kill(options.signal);
      }
    });
    return await new Promise((settle, reject) => {
      child.once("error", reject);
      child.once("close", (status, signal) => {
        const milliseconds = performance.now() - begin;
        settle({ status, signal, output, complaints, milliseconds, leftBehind: readdirSync(scratch) });
      });
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
