import type { Machine } from "./machine.ts";

/** Something that the local Mesos needs and the machine lacks. */
export interface MissingRequirement {
  /** What it is: `gcc`, `libapr-1.so.0`. */
  readonly name: string;
  /** The package of Debian and Ubuntu that has it. */
  readonly debianPackage: string;
}

/** What builds what libmesos needs to be loaded. */
const compilers: Readonly<Record<string, string>> = { gcc: "gcc", readelf: "binutils" };

/** What libmesos is linked to and uses. */
const libraries: Readonly<Record<string, string>> = {
  "libsvn_delta-1.so.1": "libsvn1",
  "libsvn_subr-1.so.1": "libsvn1",
  "libapr-1.so.0": "libapr1",
  "libsasl2.so.2": "libsasl2-2",
  "libz.so.1": "zlib1g",
  "libstdc++.so.6": "libstdc++6",
};

/** What a machine has of what the local Mesos needs. */
export interface Inspection {
  /** Path of the Python that there is; itself, not a script that looks for one. */
  readonly python: string | undefined;
  readonly missing: readonly MissingRequirement[];
}

/**
 * Looks for what is needed on a machine that Mesos could run on.
 *
 * @param purpose whether it is also to be installed, or only to be run.
 */
export async function inspectMachine(machine: Machine, purpose: "install" | "run"): Promise<Inspection> {
  const missing: MissingRequirement[] = [];
  const python = await findPython(machine);
  if (python === undefined) missing.push({ name: "Python 3.8 or newer", debianPackage: "python3" });
  if (purpose === "install") {
    const hasPip = python !== undefined && (await machine.run(python, ["-m", "pip", "--version"])).status === 0;
    if (!hasPip) missing.push({ name: "pip for python3", debianPackage: "python3-pip" });
    for (const [name, debianPackage] of Object.entries(compilers)) {
      if (machine.findProgram(name) === undefined) missing.push({ name, debianPackage });
    }
  }
  for (const [name, debianPackage] of Object.entries(libraries)) {
    if (!machine.hasLibrary(name)) missing.push({ name, debianPackage });
  }
  return { python, missing };
}

/** The command that installs what is missing, as root, where apt-get is. */
export function installCommand(missing: readonly MissingRequirement[]): string {
  return `apt-get update && apt-get install -y --no-install-recommends ${debianPackages(missing).join(" ")}`;
}

/** Each package once. */
export function debianPackages(missing: readonly MissingRequirement[]): string[] {
  return [...new Set(missing.map(({ debianPackage }) => debianPackage))];
}

async function findPython(machine: Machine): Promise<string | undefined> {
  if (machine.findProgram("python3") === undefined) return undefined;
  const script = "import sys; print(sys.executable if sys.version_info >= (3, 8) else '')";
  const { status, output } = await machine.run("python3", ["-c", script]);
  return status === 0 ? output.trim() || undefined : undefined;
}
