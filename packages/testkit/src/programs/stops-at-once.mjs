// Stops a context while its executors start and somebody waits for them, and tells what the latter heard.
import { GloamContext } from "gloam";

const gc = new GloamContext({ master: "local-cluster[1,1,1024]" });
const ready = gc.ready().then(
  () => "ready",
  ({ code }) => code,
);
await gc.stop();
process.stdout.write(`${await ready}\nstopped\n`);
