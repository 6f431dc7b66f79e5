import { GloamError } from "@gloam/common";
import type { Machine } from "./machine.ts";
import { debianPackages, inspectMachine, installCommand, type MissingRequirement } from "./requirements.ts";

/**
 * Sees to it that a machine has what the local Mesos needs. As root, where there is apt-get, it installs what is missing.
 *
 * @param purpose whether Mesos is also to be installed, or only to be run.
 * @param say takes a line about what takes long.
 * @returns path of the Python that runs it.
 * @throws GloamError `GLOAM_MESOS_REQUIREMENT_MISSING`, with the command that installs it as its hint.
 */
export async function meetRequirements(
  machine: Machine,
  purpose: "install" | "run",
  say: (line: string) => void,
): Promise<string> {
  if (machine.platform !== "linux" || machine.architecture !== "x64") {
    throw new GloamError(
      "GLOAM_MESOS_REQUIREMENT_MISSING",
      `the local Mesos runs on Linux on x64 only; this is ${machine.platform} on ${machine.architecture}`,
      { hint: "run it in a container or a virtual machine with Linux on x64, or use a cluster that is there" },
    );
  }
  const { python, missing } = await inspectMachine(machine, purpose);
  if (python !== undefined && missing.length === 0) return python;
  const hasApt = machine.findProgram("apt-get") !== undefined;
  if (!hasApt || !machine.isRoot) throw missingError(missing, hintFor(missing, hasApt));
  say(`installing with apt-get: ${debianPackages(missing).join(" ")}`);
  const { status, output } = await machine.run("sh", ["-c", installCommand(missing)], {
    DEBIAN_FRONTEND: "noninteractive",
  });
  const then = await inspectMachine(machine, purpose);
  if (then.python !== undefined && then.missing.length === 0) return then.python;
  const said = output.trim().split("\n").slice(-5);
  const end = `apt-get ended with ${status ?? "no exit code"}, and said`;
  throw missingError(then.missing, hintFor(then.missing, hasApt), `\n${end}:\n${said.join("\n")}`);
}

function hintFor(missing: readonly MissingRequirement[], hasApt: boolean): string {
  if (hasApt) return `run as root: ${installCommand(missing)}`;
  const packages = debianPackages(missing).join(", ");
  return `install them with this system's package manager (in Debian they are in ${packages})`;
}

function missingError(missing: readonly MissingRequirement[], hint: string, more = ""): GloamError {
  const names = missing.map(({ name }) => name).join(", ");
  const message = `the local Mesos needs what this machine lacks: ${names}${more}`;
  return new GloamError("GLOAM_MESOS_REQUIREMENT_MISSING", message, { hint });
}
