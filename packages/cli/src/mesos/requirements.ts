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

/**
 * What is missing on a machine that Mesos could run on.
 *
 * @param purpose whether it is also to be installed, or only to be run.
 */
export async function missingRequirements(machine: Machine, purpose: "install" | "run"): Promise<MissingRequirement[]> {
  const missing: MissingRequirement[] = [];
  const hasPython = machine.findProgram("python3") !== undefined;
  if (!hasPython) missing.push({ name: "python3", debianPackage: "python3" });
  if (purpose === "install") {
    if (!hasPython || !(await hasPip(machine))) missing.push({ name: "pip for python3", debianPackage: "python3-pip" });
    for (const [name, debianPackage] of Object.entries(compilers)) {
      if (machine.findProgram(name) === undefined) missing.push({ name, debianPackage });
    }
  }
  for (const [name, debianPackage] of Object.entries(libraries)) {
    if (!machine.hasLibrary(name)) missing.push({ name, debianPackage });
  }
  return missing;
}

/** The command that installs what is missing, as root, where apt-get is. */
export function installCommand(missing: readonly MissingRequirement[]): string {
  return `apt-get update && apt-get install -y --no-install-recommends ${debianPackages(missing).join(" ")}`;
}

/** Each package once. */
export function debianPackages(missing: readonly MissingRequirement[]): string[] {
  return [...new Set(missing.map(({ debianPackage }) => debianPackage))];
}

async function hasPip(machine: Machine): Promise<boolean> {
  const { status } = await machine.run("python3", ["-m", "pip", "--version"]);
  return status === 0;
}
