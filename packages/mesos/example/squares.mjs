// A framework and its executor in one file: squares numbers on a Mesos cluster. The agents need `node` and this file.
//
//     node squares.mjs 127.0.0.1:5050 1 2 3
import { fileURLToPath } from "node:url";
import { ExecutorClient, executorEnvironment, isTerminal, SchedulerClient, takeResources } from "@gloam/mesos";

const encode = (value) => Buffer.from(`${value}`).toString("base64");
const decode = (data) => Buffer.from(data, "base64").toString();
const path = fileURLToPath(import.meta.url);

if (process.env.MESOS_EXECUTOR_ID === undefined) runFramework(...process.argv.slice(2));
else runExecutor();

/** Launches a task for each number as offers come, prints what they give, and takes the framework down. */
function runFramework(master, ...numbers) {
  const waiting = [...numbers];
  const running = new Set();
  const framework = { user: process.env.USER ?? "root", name: "squares" };
  const observer = {
    onSubscribed: ({ framework_id: { value } }) => console.error(`framework ${value}`),
    onDisconnected: (reason) => console.error(reason.message),
    onFailure(error) {
      console.error(error.message);
      process.exitCode = 1;
    },
    onEvent(event) {
      if (event.type === "OFFERS") event.offers.offers.forEach(use);
      if (event.type === "UPDATE") update(event.update.status);
    },
  };
  const client = new SchedulerClient({ masters: [master], framework, connectPatience: 30_000 }, observer);
  client.start();

  /** As many tasks as fit; the rest of the offer goes back with the same call. */
  function use({ id, agent_id, resources }) {
    const tasks = [];
    for (let left = resources; waiting.length > 0;) {
      const divided = takeResources(left, { cpus: 0.1, mem: 32 });
      if (divided === undefined) break;
      left = divided.rest;
      tasks.push(makeTask(waiting.shift(), agent_id, divided.taken));
    }
    const operations = [{ type: "LAUNCH", launch: { task_infos: tasks } }];
    const filters = { refuse_seconds: 60 };
    if (tasks.length === 0) send({ type: "DECLINE", decline: { offer_ids: [id], filters } });
    else send({ type: "ACCEPT", accept: { offer_ids: [id], operations, filters } });
  }

  /** A task of the executor of an agent, which is started with the first. */
  function makeTask(number, agent_id, resources) {
    running.add(number);
    const command = { shell: false, value: process.execPath, arguments: [process.execPath, path] };
    const framework_id = { value: client.frameworkId };
    const executor = { executor_id: { value: "squares" }, framework_id, type: "CUSTOM", command };
    return { name: "square", task_id: { value: number }, agent_id, resources, executor, data: encode(number) };
  }

  function update({ task_id, agent_id, state, uuid, data, message = "" }) {
    if (uuid) send({ type: "ACKNOWLEDGE", acknowledge: { agent_id, task_id, uuid } });
    if (!isTerminal(state) || !running.delete(task_id.value)) return;
    const result = state === "TASK_FINISHED" ? decode(data) : `unknown: ${state} ${message}`;
    console.log(`${task_id.value} squared is ${result}`);
    if (waiting.length + running.size === 0) void client.stop({ teardown: true });
  }

  /** A call that is lost with its connection needs no care here: offers come again, and so do updates. */
  function send(call) {
    client.call(call).catch((error) => console.error(error.message));
  }
}

/** Runs tasks until the agent says that it is over. */
function runExecutor() {
  const observer = {
    onSubscribed() {},
    onEnd: () => void client.stop(),
    onEvent(event) {
      if (event.type !== "LAUNCH") return;
      const { task_id, data } = event.launch.task;
      client.update({ task_id, state: "TASK_RUNNING" });
      client.update({ task_id, state: "TASK_FINISHED", data: encode(Number(decode(data)) ** 2) });
    },
  };
  const client = new ExecutorClient({ environment: executorEnvironment(process.env) }, observer);
  client.start();
}
