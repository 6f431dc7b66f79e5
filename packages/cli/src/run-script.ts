import { pathToFileURL } from "node:url";
import { setCommandLineConfiguration, setUserModuleLoader } from "@gloam/common";
import { registerUserModules } from "./register-user-modules.ts";

/** A script and what it is run with. */
export interface ScriptRun {
  /** Real path of the file. */
  readonly script: string;
  readonly scriptArguments: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
  /** URL of a file of the installed `gloam`. */
  readonly installation: string;
}

/**
 * Runs a script in this process as if Node had been started with it: `process.argv` is the script's, and its errors come
 * out as they are. Settles when the script's top level has ended.
 */
export async function runScript({ script, scriptArguments, settings, installation }: ScriptRun): Promise<void> {
  const entry = pathToFileURL(script).href;
  process.argv.splice(1, Infinity, script, ...scriptArguments);
  setCommandLineConfiguration(settings);
  const loader = new URL("user-modules.js", import.meta.url);
  loader.searchParams.set("installation", installation);
  setUserModuleLoader(loader.href);
  await registerUserModules({ installation, entry });
  let ended = false;
  process.once("beforeExit", () => {
    if (ended) return;
    // As Node does for the file that it was started with.
    process.stderr.write(`Warning: Detected unsettled top-level await in ${script}\n`);
    process.exitCode = 13;
  });
  try {
    await import(entry);
  } finally {
    ended = true;
  }
}
