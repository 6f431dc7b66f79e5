/** Entry of the Mesos executor that an agent runs for an application. */
import { spawnChild } from "./mesos-executor/spawn-child.ts";

// There is a task for it, or it would not run: the process for that starts while this one still reads its own code and subscribes.
const spare = spawnChild();
const { runSupervisor } = await import("./mesos-executor/run-supervisor.ts");
runSupervisor(spare);
