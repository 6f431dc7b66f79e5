import { readFileSync, realpathSync } from "node:fs";
import { Configuration, GloamError, isGloamError } from "@gloam/common";
import { parseArguments, type Command } from "./arguments.ts";
import { helpText } from "./help.ts";
import { runScript } from "./run-script.ts";

/**
 * The `gloam` command. What is wrong with the command line itself is said on standard error, with exit code 2; errors of
 * the script are thrown on as they are.
 *
 * @param parameters the command line without Node and the command.
 * @param installation URL of a file of the package `gloam` whose command this is.
 */
export async function main(parameters: readonly string[], installation: string): Promise<void> {
  const command = understand(parameters);
  switch (command?.kind) {
    case "help":
      process.stdout.write(helpText());
      return;
    case "version":
      process.stdout.write(`${readVersion()}\n`);
      return;
    case "run":
      await runScript({ ...command, installation });
      return;
    case "mesos-help":
    case "mesos-install":
    case "mesos-up": {
      // Nothing of it is loaded to run a script.
      const { runMesosCommand } = await import("./mesos/run-mesos-command.ts");
      await runMesosCommand(command);
      return;
    }
    case undefined:
      process.exitCode = 2;
      return;
    default:
      command satisfies never;
  }
}

/** Undefined after it has said what is wrong. */
function understand(parameters: readonly string[]): Command | undefined {
  try {
    const command = parseArguments(parameters);
    if (command.kind !== "run") return command;
    // Settings are checked before the script runs; the script's context takes them again with all other sources.
    Configuration.resolve({ commandLine: command.settings }, { memory: 2 ** 30, temporaryDirectory: "/" });
    return { ...command, script: realPath(command.script) };
  } catch (error) {
    if (!isGloamError(error)) throw error;
    process.stderr.write(`${error.message}\n  ${error.hint}\n`);
    return undefined;
  }
}

function realPath(script: string): string {
  try {
    return realpathSync(script);
  } catch (cause) {
    throw new GloamError("GLOAM_INPUT_NOT_FOUND", `there is no script '${script}'`, { cause });
  }
}

function readVersion(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
