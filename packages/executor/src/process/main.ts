/** Entry of an executor process: reads its settings from standard input, lives as long as its driver wants, and no longer than it. */
import { decodeLaunchSettings } from "@gloam/protocol";
import { firstLine } from "./first-line.ts";
import { startExecutor } from "./start-executor.ts";

const settings = decodeLaunchSettings(await firstLine(process.stdin));
if (settings.sourceMaps) process.setSourceMapsEnabled(true);
// Whoever started it holds the other end for as long as it lives. Then nobody is left to be told.
let isAlone = false;
process.stdin.once("end", () => (isAlone = true)).resume();
const executor = await startExecutor(settings).catch((error: unknown) => {
  if (!isAlone) process.stderr.write(`${settings.executor} cannot start: ${describe(error)}\n`);
  process.exit(1);
});
process.once("exit", () => executor.removeFiles());
if (isAlone) executor.stop();
process.stdin.once("end", () => executor.stop());
process.on("SIGTERM", () => executor.leave());
// A terminal sends this to driver and executors alike, and the driver may have work left for them.
process.on("SIGINT", () => undefined);
const reason = await executor.ended;
if (reason !== undefined) process.stderr.write(`${settings.executor} ends: ${describe(reason)}\n`);
process.exit(reason === undefined ? 0 : 1);

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
