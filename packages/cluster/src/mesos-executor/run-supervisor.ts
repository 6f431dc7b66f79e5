import { systemTimers } from "@gloam/common";
import { ExecutorClient, executorEnvironment } from "@gloam/mesos";
import type { ChildProcess } from "node:child_process";
import { childStarter } from "./executor-child.ts";
import { Supervisor } from "./supervisor.ts";

/** Subscribes to the agent and starts processes for its tasks, until there is nothing left to do; then this process ends. */
export function runSupervisor(spare: ChildProcess): void {
  const environment = executorEnvironment(process.env);
  const client = new ExecutorClient(
    { environment },
    {
      onSubscribed: () => undefined,
      onEvent: (event) => supervisor.receive(event),
      onEnd: (reason) => {
        if (reason !== undefined) process.stderr.write(`the Mesos executor ends: ${reason.message}\n`);
        supervisor.end();
      },
    },
  );
  const supervisor = new Supervisor({
    client,
    start: childStarter(spare),
    timers: systemTimers,
    sandbox: environment.sandbox,
    shutdownGrace: environment.shutdownGracePeriod,
    onEnd: () => void client.stop().finally(() => process.exit(0)),
  });
  process.on("SIGTERM", () => supervisor.end());
  process.on("SIGINT", () => undefined);
  // Timers of the system keep no process alive, and between two connections nothing else does.
  setInterval(() => undefined, 2 ** 30);
  client.start();
}
