/** Entry of an executor process: reads its settings from standard input, lives as long as its driver wants, and no longer than it. */
import { decodeLaunchSettings } from "@gloam/protocol";
import { firstLine } from "./first-line.ts";
import { startExecutor } from "./start-executor.ts";

const settings = decodeLaunchSettings(await firstLine(process.stdin));
if (settings.sourceMaps) process.setSourceMapsEnabled(true);
const executor = await startExecutor(settings);
process.once("exit", () => executor.removeFiles());
// Whoever started it holds the other end for as long as it lives. Then nobody is left to be told.
process.stdin.once("end", () => executor.stop()).resume();
process.once("SIGTERM", () => executor.stop());
// A terminal sends this to driver and executors alike, and the driver may have work left for them.
process.on("SIGINT", () => undefined);
const error = await executor.ended;
if (error !== undefined) process.stderr.write(`${settings.executor} ends: ${error.message}\n`);
process.exit(error === undefined ? 0 : 1);
