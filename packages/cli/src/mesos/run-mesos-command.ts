import { isGloamError } from "@gloam/common";
import { installMesos, mesosVersion } from "./install-mesos.ts";
import type { LocalMesos } from "./local-mesos.ts";
import { startMesos, type MesosOptions } from "./start-mesos.ts";
import type { MesosCommand } from "./mesos-arguments.ts";
import { mesosHelpText } from "./mesos-help.ts";

/** Runs `gloam mesos`. What goes wrong is said on standard error, with exit code 1. */
export async function runMesosCommand(command: MesosCommand): Promise<void> {
  try {
    switch (command.kind) {
      case "mesos-help":
        process.stdout.write(mesosHelpText());
        return;
      case "mesos-install": {
        const { directory } = await installMesos({ say });
        process.stdout.write(`Apache Mesos ${mesosVersion} is installed in ${directory}\n`);
        return;
      }
      case "mesos-up":
        await runUntilInterrupted(command.options);
        return;
      default:
        command satisfies never;
    }
  } catch (error) {
    if (!isGloamError(error)) throw error;
    process.stderr.write(`${error.message}\n  ${error.hint}\n`);
    process.exitCode = 1;
  }
}

async function runUntilInterrupted(options: MesosOptions): Promise<void> {
  const mesos = await startMesos({ ...options, say });
  const interrupted = nextInterruption();
  process.stdout.write(describe(mesos, options));
  const end = await Promise.race([interrupted, mesos.ended().then(() => "ended" as const)]);
  const isKept = options.workDirectory !== undefined;
  // Whoever kills master and agents may want to see them restarted, with their executors.
  await (end === "ended" && isKept ? mesos.kill() : mesos.stop());
  if (end === "ended") {
    process.stderr.write(`Mesos has ended by itself${isKept ? `; see ${mesos.log}` : ""}\n`);
    process.exitCode = 1;
  }
}

/** Ctrl-C, or being asked to end. Later ones end this process at once, and then the cluster ends with it. */
function nextInterruption(): Promise<"interrupted"> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve("interrupted"));
  });
}

function describe(mesos: LocalMesos, { agents = 1, credentials }: MesosOptions): string {
  const count = mesos.agents === agents ? `${agents}` : `${mesos.agents} of ${agents}`;
  return `Apache Mesos ${mesosVersion} runs at ${mesos.url} with ${count} agent${agents === 1 ? "" : "s"}; Ctrl-C ends it
  run something  gloam run --master ${mesos.url} script.ts
  its state      http://127.0.0.1:${mesos.port}/master/state
  its log        ${mesos.log}
${credentials === undefined ? "" : "  frameworks must authenticate\n"}`;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
