import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { GloamError, isGloamError, systemClock, type Clock } from "@gloam/common";
import { thisMachine, type Machine } from "./machine.ts";
import { meetRequirements } from "./meet-requirements.ts";
import { mesosHome } from "./mesos-home.ts";
import { pythonProgram } from "./package-files.ts";

/** The version of Apache Mesos that is installed. */
export const mesosVersion = "1.11.0";

/** SHA-256 of what holds its library, as it was published. */
const eggDigest = "4940ebb70894ee004cf8a12b7b66b52a351be1070ec2a4e6f7dae4ec04f8cb61";

/** Finds eggs; later versions find none any more. */
const setuptools = "setuptools==69.5.1";

/** What installing may be given. */
export interface MesosInstallOptions {
  /** Where installations are kept; `mesosHome()` when left out. */
  readonly home?: string | undefined;
  /** Takes a line about what takes long; nobody hears it when left out. */
  readonly say?: (line: string) => void;
  readonly machine?: Machine;
  readonly clock?: Clock;
}

/** An installed Mesos. */
export interface MesosInstallation {
  /** Holds the library and what it needs to be loaded. */
  readonly directory: string;
  /** The Python that runs it. */
  readonly python: string;
}

/**
 * Installs Apache Mesos into the user's cache unless it is there: about 130 MB, from PyPI, in ten seconds or so. It is built
 * beside its place and moved there whole, so that an interrupted installation is none, and two at once are one.
 *
 * @throws GloamError `GLOAM_MESOS_REQUIREMENT_MISSING` when the machine lacks something (see `meetRequirements`);
 *   `GLOAM_MESOS_INSTALL_FAILED` when the package index or the disk refuses it.
 */
export async function installMesos(options: MesosInstallOptions = {}): Promise<MesosInstallation> {
  const { home = mesosHome(), say = () => {}, machine = thisMachine(), clock = systemClock } = options;
  const directory = join(home, installationName());
  const isInstalled = existsSync(directory);
  const python = await meetRequirements(machine, isInstalled ? "run" : "install", say);
  const installation = { directory, python };
  removeAbandoned(home, clock);
  if (isInstalled) return installation;
  say(`installing Apache Mesos ${mesosVersion} in ${home}`);
  try {
    mkdirSync(home, { recursive: true });
    const unfinished = mkdtempSync(join(home, unfinishedPrefix));
    try {
      await build(machine, python, unfinished);
      moveInto(directory, unfinished);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  } catch (cause) {
    if (isGloamError(cause)) throw cause;
    throw new GloamError(
      "GLOAM_MESOS_INSTALL_FAILED",
      `Apache Mesos cannot be installed in ${home}: ${String(cause)}`,
      {
        cause,
        hint: "see that the directory can be written to and has 150 MB free, or name another with GLOAM_MESOS_HOME",
      },
    );
  }
  return installation;
}

const unfinishedPrefix = ".unfinished-";

/** Installing takes a minute on a slow line; what is this old was interrupted. */
const abandonedAfter = 60 * 60 * 1000;

/** Another name for whatever would be built in another way, so that versions of Gloam do not meet. */
function installationName(): string {
  const hash = createHash("sha256");
  for (const program of ["fetch_library", "build_stand_ins"]) hash.update(readFileSync(pythonProgram(program)));
  return `${mesosVersion}-${hash.digest("hex").slice(0, 8)}`;
}

async function build(machine: Machine, python: string, directory: string): Promise<void> {
  const tools = mkdtempSync(join(directory, "tools-"));
  const library = join(directory, "libmesos.so");
  const demand = demandOf(machine, python);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--target", tools];
  await demand("installing setuptools with pip", [...pip, setuptools]);
  const fetch = ["-W", "ignore", pythonProgram("fetch_library"), eggDigest, library];
  await demand("fetching mesos.scheduler", fetch, { PYTHONPATH: tools });
  await demand("building stand-ins", [pythonProgram("build_stand_ins"), library, directory]);
  rmSync(tools, { recursive: true });
}

/** Runs Python for a step, which must succeed. */
function demandOf(machine: Machine, python: string) {
  return async (step: string, parameters: readonly string[], environment?: Readonly<Record<string, string>>) => {
    const { status, output } = await machine.run(python, parameters, environment);
    if (status === 0) return;
    const said = output.trim().split("\n").slice(-10).join("\n");
    throw new GloamError("GLOAM_MESOS_INSTALL_FAILED", `${step} failed, with exit code ${status ?? "none"}\n${said}`);
  };
}

/** Another installation may have come first; then that one stays. */
function moveInto(directory: string, unfinished: string): void {
  try {
    renameSync(unfinished, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
  }
}

function removeAbandoned(home: string, clock: Clock): void {
  if (!existsSync(home)) return;
  for (const name of readdirSync(home)) {
    if (!name.startsWith(unfinishedPrefix)) continue;
    const path = join(home, name);
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (clock.now() - written > abandonedAfter) rmSync(path, { recursive: true, force: true });
  }
}
