import { execFile, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** How a program ended. */
export interface ProgramEnd {
  /** Exit code; undefined when it could not be started or a signal ended it. */
  readonly status: number | undefined;
  /** What it wrote on standard output and standard error, in this order. */
  readonly output: string;
}

/** What installing Mesos asks of a machine and does on it. Passed in, so that tests can have any machine. */
export interface Machine {
  /** As `process.platform`: `linux`. */
  readonly platform: string;
  /** As `process.arch`: `x64`. */
  readonly architecture: string;
  readonly isRoot: boolean;
  /** Path of a program, if there is one of that name. */
  findProgram(name: string): string | undefined;
  /** Whether the dynamic linker knows a library, such as `libapr-1.so.0`. */
  hasLibrary(name: string): boolean;
  /** Runs a program to its end, without input. Never rejects. */
  run(
    program: string,
    parameters: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): Promise<ProgramEnd>;
}

/** The machine that this process runs on. */
export function thisMachine(): Machine {
  return {
    platform: process.platform,
    architecture: process.arch,
    isRoot: process.getuid?.() === 0,
    findProgram,
    hasLibrary: (name) => libraryPaths(linkerCache(), name).some((path) => existsSync(path)),
    run: runToItsEnd,
  };
}

function findProgram(name: string): string | undefined {
  // Users' paths often lack the directories of the system's own programs.
  const directories = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"].filter(Boolean);
  return directories.map((directory) => join(directory, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Where the linker's cache says that a library for this architecture is. It may be gone again.
 *
 * @param cache as `ldconfig -p` prints it, a line for each library: `libz.so.1 (libc6,x86-64) => /lib/.../libz.so.1`.
 */
export function libraryPaths(cache: string, name: string): string[] {
  return cache.split("\n").flatMap((line) => {
    const [, found, kind = "", path = ""] = /^\s*(\S+) \((.*)\) => (.*)$/.exec(line) ?? [];
    return found === name && kind.includes("x86-64") ? [path] : [];
  });
}

/** Read anew each time, as installing changes it. */
function linkerCache(): string {
  const ldconfig = findProgram("ldconfig");
  if (ldconfig === undefined) return "";
  return spawnSync(ldconfig, ["-p"], { encoding: "utf8" }).stdout ?? "";
}

function runToItsEnd(
  program: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ProgramEnd> {
  const options = { env: { ...process.env, ...environment }, maxBuffer: 64 * 2 ** 20, encoding: "utf8" } as const;
  return new Promise((resolve) => {
    const child = execFile(program, parameters, options, (error, output, complaints) => {
      const status = error === null ? 0 : typeof error.code === "number" ? error.code : undefined;
      const reason = error !== null && status === undefined ? error.message : "";
      resolve({ status, output: `${output}${complaints}${reason}` });
    });
    child.stdin?.end();
  });
}
