// Makes a context and waits for its executors, as far as told, and runs no job.
import { GloamContext } from "gloam";

const gc = new GloamContext({ master: "local[2]" });
if (process.argv[2] === "waits") await gc.ready();
process.stdout.write("idle\n");
