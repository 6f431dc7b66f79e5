import type { Machine, ProgramEnd } from "../machine.ts";

/** A machine for tests, as it was told to be. */
export class FakeMachine implements Machine {
  platform = "linux";
  architecture = "x64";
  isRoot = false;
  programs = new Set(["python3", "gcc", "readelf", "apt-get"]);
  hasPip = true;
  libraries = new Set([
    "libsvn_delta-1.so.1",
    "libsvn_subr-1.so.1",
    "libapr-1.so.0",
    "libsasl2.so.2",
    "libz.so.1",
    "libstdc++.so.6",
  ]);
  /** Command lines that were run, but for the question whether there is pip. */
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
    if (parameters.join(" ") === "-m pip --version") return { status: this.hasPip ? 0 : 1, output: "" };
    this.commands.push([program, ...parameters].join(" "));
    return this.does(program, parameters);
  }
}
