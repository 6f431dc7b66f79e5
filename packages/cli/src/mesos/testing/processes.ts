import { readdirSync, readFileSync } from "node:fs";

/** Ids of all processes with this directory in their environment or command line. */
export function processesOf(directory: string): number[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      const text = readFileSync(`/proc/${name}/environ`, "latin1") + readFileSync(`/proc/${name}/cmdline`, "latin1");
      return text.includes(directory) ? [Number(name)] : [];
    } catch {
      // It has ended in between.
      return [];
    }
  });
}

/** Waits until something is so. */
export async function eventually(what: string, isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !isSo(); await new Promise((resolve) => setTimeout(resolve, 20))) {
    if (Date.now() > end) throw new Error(`not within 20 s: ${what}`);
  }
}
