// One task on a cluster: MASTER [EXECUTORS]. Prints its result as soon as it is there.
import { GloamContext } from "gloam";

const [master, executors = "1"] = process.argv.slice(2);
const conf = { "dynamicAllocation.initialExecutors": Number(executors) };
const gc = new GloamContext({ master, conf });
console.log(await gc.range(0, 10, { partitions: 1 }).sum());
await gc.stop();
