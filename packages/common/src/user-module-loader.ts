import { getEnvironmentData, setEnvironmentData } from "node:worker_threads";

const key = "gloam.userModuleLoader";

/**
 * URL of a module that this thread has to import before it imports modules of the user; undefined when Node's own loader
 * does, as in programs that were not started by `gloam run`. Worker threads know what the thread that starts them knows.
 */
export function userModuleLoader(): string | undefined {
  return getEnvironmentData(key) as string | undefined;
}

/** Sets what `userModuleLoader` gives in this thread and in workers started from now on; for the `gloam` command. */
export function setUserModuleLoader(url: string): void {
  setEnvironmentData(key, url);
}
