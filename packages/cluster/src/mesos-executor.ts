/** Entry of the Mesos executor that an agent runs for an application. */
import { spawnExecutor } from "./mesos-executor/spawn-executor.ts";

// There is a task for it, or it would not run: the process for that starts while this one still reads its own code and subscribes.
const spare = spawnExecutor();
const { runSupervisor } = await import("./mesos-executor/run-supervisor.ts");
runSupervisor(spare);
