import type { Machine, ProgramEnd } from "../machine.ts";

/** A machine for tests, as it was told to be. */
export class FakeMachine implements Machine {
  platform = "linux";
  architecture = "x64";
  isRoot = false;
  programs = new Set(["python3", "gcc", "readelf", "apt-get"]);
  /** What Python says that it is; nothing when it is too old. */
  python = "/usr/bin/python3.11";
  hasPip = true;
  libraries = new Set([
    "libsvn_delta-1.so.1",
    "libsvn_subr-1.so.1",
    "libapr-1.so.0",
    "libsasl2.so.2",
    "libz.so.1",
    "libstdc++.so.6",
  ]);
  /** Command lines that were run, but for questions about Python. */
  readonly commands: string[] = [];
  /** What running a command does. */
  does: (program: string, parameters: readonly string[]) => ProgramEnd | Promise<ProgramEnd> = () => ({
    status: 0,
    output: "",
  });

  findProgram(name: string): string | undefined {
    return this.programs.has(name) ? `/usr/bin/${name}` : undefined;
  }

  hasLibrary(name: string): boolean {
    return this.libraries.has(name);
  }

  async run(program: string, parameters: readonly string[]): Promise<ProgramEnd> {
    const line = parameters.join(" ");
    if (line.includes("sys.executable")) return { status: 0, output: `${this.python}\n` };
    if (line === "-m pip --version") return { status: this.hasPip ? 0 : 1, output: "" };
    this.commands.push([program, ...parameters].join(" "));
    return this.does(program, parameters);
  }
}
