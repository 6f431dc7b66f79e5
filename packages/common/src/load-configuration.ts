import { readFileSync } from "node:fs";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { commandLineConfiguration } from "./command-line-configuration.ts";
import { Configuration } from "./configuration.ts";
import { GloamError } from "./gloam-error.ts";

const fileName = "gloam.config.json";

/**
 * The configuration of a program that runs here and now: constructor options over the `gloam` command's options over the
 * environment over `gloam.config.json` in the working directory over defaults. Reads the environment and one file.
 *
 * @throws GloamError `GLOAM_CONF_UNKNOWN`, `GLOAM_CONF_INVALID`
 */
export function loadConfiguration(options: Readonly<Record<string, unknown>> = {}): Configuration {
  const contents = readIfThere(join(process.cwd(), fileName));
  return Configuration.resolve(
    {
      options,
      commandLine: commandLineConfiguration(),
      environment: process.env,
      file: contents === undefined ? undefined : { name: fileName, contents },
    },
    { memory: availableMemory(), temporaryDirectory: tmpdir() },
  );
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    const hint = "check its permissions";
    throw new GloamError("GLOAM_CONF_INVALID", `${fileName} cannot be read`, { cause, hint });
  }
}

/** Containers limit memory without changing what the machine reports; without a limit Node gives 0 or a huge number. */
function availableMemory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
