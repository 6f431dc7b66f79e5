// npm run mesos:record: writes the event streams of a real master and a real agent, byte for byte, as fixtures of the client's
// tests. Every event that they can be brought to send occurs. Run it again where another version of Mesos is to be known.
import { copyFileSync, createWriteStream, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startMesos } from "@gloam/cli/mesos";
import {
  ExecutorClient,
  executorEnvironment,
  isTerminal,
  OperatorClient,
  SchedulerClient,
  totalOf,
} from "@gloam/mesos";

const fixture = (name) => fileURLToPath(new URL(`../../../mesos/fixtures/${name}.recordio`, import.meta.url));

/** Links to what executors run: the messages tell its path, which is the same on every machine. */
const folder = join(tmpdir(), "gloam-recorder");

/** A proxy that writes what is answered to SUBSCRIBE to a file. */
async function startRecorder(target, file) {
  const recording = createWriteStream(file);
  const proxy = createServer((incoming, response) => {
    const { method, url: path, headers } = incoming;
    const outgoing = request(new URL(target), { method, path, headers: { ...headers, host: new URL(target).host } });
    outgoing.on("response", (answer) => {
      response.writeHead(answer.statusCode, answer.headers).flushHeaders();
      answer.on("error", () => response.destroy()).pipe(response);
      // Only streams have no length.
      if (answer.statusCode === 200) answer.on("data", (chunk) => recording.write(chunk));
    });
    outgoing.on("error", () => response.destroy());
    response.on("close", () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${proxy.address().port}`,
    stop: () => {
      proxy.closeAllConnections();
      proxy.close();
      return new Promise((resolve) => recording.end(resolve));
    },
  };
}

async function recordScheduler() {
  mkdirSync(folder);
  symlinkSync(process.execPath, join(folder, "node"));
  symlinkSync(fileURLToPath(import.meta.url), join(folder, "program.mjs"));
  const mesos = await startMesos({ agents: 2 });
  try {
    await tellStory(mesos);
    copyFileSync(join(folder, "executor.recordio"), fixture("executor"));
  } finally {
    await mesos.stop();
    rmSync(folder, { recursive: true });
  }
}

async function tellStory(mesos) {
  const recorder = await startRecorder(`http://127.0.0.1:${mesos.port}`, fixture("scheduler"));
  const operator = new OperatorClient({ address: `127.0.0.1:${mesos.port}` });
  const story = new Story(recorder.origin);
  const call = (body) => story.client.call(body);
  story.client.start();

  const { offers: first } = (await story.until("OFFERS", ({ offers }) => offers.offers.length === 2)).offers;
  const [one, other] = first;
  // A task that sends a message and ends, and one that runs until it is killed.
  await call(accept(one, [launch(story, one, "short"), launch(story, one, "long")]));
  await call(accept(other, [launch(story, other, "stays")]));
  await story.until("MESSAGE");
  await story.until("UPDATE", statusIs("short", "TASK_FINISHED"));
  await story.until("UPDATE", statusIs("long", "TASK_RUNNING"));
  await story.until("UPDATE", statusIs("stays", "TASK_RUNNING"));
  const executor = { agent_id: one.agent_id, executor_id: { value: "recorded" } };
  await call({ type: "MESSAGE", message: { ...executor, data: Buffer.from("hi").toString("base64") } });
  await call({ type: "KILL", kill: { task_id: { value: "long" }, agent_id: one.agent_id } });
  await story.until("UPDATE", statusIs("long", "TASK_KILLED"));
  await call({ type: "RECONCILE", reconcile: { tasks: [{ task_id: { value: "unknown" } }] } });
  await story.until("UPDATE", statusIs("unknown", "TASK_UNKNOWN"));

  // An operation that reports back.
  const offer = await story.offerLike(one);
  const reservation = {
    ...offer.resources.find(({ name }) => name === "cpus"),
    scalar: { value: 1 },
    reservations: [{ type: "DYNAMIC", role: "recorded" }],
  };
  await call(accept(offer, [{ type: "RESERVE", id: { value: "reserve" }, reserve: { resources: [reservation] } }]));
  await story.until("UPDATE_OPERATION_STATUS");

  // Maintenance is announced and taken back.
  const { agents } = await operator.call({ type: "GET_AGENTS" });
  const { hostname } = agents[0].agent_info;
  const start = { nanoseconds: (Math.floor(Date.now() / 1000) + 3600) * 1e9 };
  const window = { machine_ids: [{ hostname, ip: "127.0.0.1" }], unavailability: { start } };
  const schedule = (windows) =>
    operator.call({ type: "UPDATE_MAINTENANCE_SCHEDULE", update_maintenance_schedule: { schedule: { windows } } });
  await schedule([window]);
  await story.until("RESCIND");
  await story.until("INVERSE_OFFERS");
  await schedule([]);
  await story.until("RESCIND_INVERSE_OFFER");

  await call({ type: "SHUTDOWN", shutdown: executor });
  await story.until("FAILURE");
  await operator.call({ type: "MARK_AGENT_GONE", mark_agent_gone: { agent_id: other.agent_id } });
  await story.until("UPDATE", statusIs("stays", "TASK_GONE_BY_OPERATOR"));
  await story.until("HEARTBEAT");

  // Another scheduler takes the framework over, which the first is told with ERROR.
  const heir = new Story(`http://127.0.0.1:${mesos.port}`, story.client.frameworkId);
  heir.client.start();
  await story.until("ERROR");
  await heir.client.stop({ teardown: true });
  await operator.close();
  await recorder.stop();
}

/** A scheduler and what has come. */
class Story {
  client;
  #events = [];
  #waiting = () => {};

  constructor(master, id) {
    const framework = {
      user: "root",
      name: "recorded",
      roles: ["recorded"],
      capabilities: ["MULTI_ROLE", "PARTITION_AWARE", "RESERVATION_REFINEMENT"].map((type) => ({ type })),
      failover_timeout: 60,
      ...(id && { id: { value: id } }),
    };
    this.client = new SchedulerClient(
      { masters: [master], framework, connectPatience: 10_000 },
      {
        onSubscribed: () => {},
        onDisconnected: (reason) => process.stderr.write(`${reason.message}\n`),
        onEvent: (event) => this.#take(event),
        onFailure: (error) => this.#take({ type: "ERROR", error }),
      },
    );
  }

  #take(event) {
    this.#events.push(event);
    const { status } = event.update ?? event.update_operation_status ?? {};
    if (event.type === "UPDATE" && status.uuid)
      void this.client.call({
        type: "ACKNOWLEDGE",
        acknowledge: { agent_id: status.agent_id, task_id: status.task_id, uuid: status.uuid },
      });
    if (event.type === "UPDATE_OPERATION_STATUS" && status.uuid)
      void this.client.call({
        type: "ACKNOWLEDGE_OPERATION_STATUS",
        acknowledge_operation_status: {
          agent_id: status.agent_id,
          operation_id: status.operation_id,
          uuid: status.uuid.value,
        },
      });
    this.#waiting();
  }

  async until(type, matches = () => true) {
    process.stderr.write(`${type}\n`);
    // Heartbeats are not told; there is one every 15 s.
    if (type === "HEARTBEAT") return void (await new Promise((resolve) => setTimeout(resolve, 15_500)));
    for (;;) {
      const event = this.#events.find((each) => each.type === type && matches(each));
      if (event) return event;
      await new Promise((resolve) => (this.#waiting = resolve));
    }
  }

  /** An offer of the same agent as another, with a whole core. */
  async offerLike({ id, agent_id }) {
    const isLike = (offer) =>
      offer.id.value !== id.value && offer.agent_id.value === agent_id.value && totalOf(offer.resources).cpus >= 1;
    const { offers } = await this.until("OFFERS", (event) => event.offers.offers.some(isLike));
    return offers.offers.find(isLike);
  }
}

function statusIs(id, state) {
  return ({ update: { status } }) => status.task_id.value === id && status.state === state;
}

function accept({ id }, operations) {
  return { type: "ACCEPT", accept: { offer_ids: [id], operations, filters: { refuse_seconds: 0.1 } } };
}

function launch({ client }, { agent_id }, id) {
  const resource = (name, value) => ({
    name,
    type: "SCALAR",
    scalar: { value },
    allocation_info: { role: "recorded" },
  });
  const file = id === "stays" ? "/dev/null" : join(folder, "executor.recordio");
  const program = [join(folder, "node"), join(folder, "program.mjs"), file];
  const command = { shell: false, value: program[0], arguments: program };
  const executor = {
    type: "CUSTOM",
    executor_id: { value: "recorded" },
    framework_id: { value: client.frameworkId },
    command,
  };
  const resources = [resource("cpus", 0.1), resource("mem", 32)];
  return {
    type: "LAUNCH",
    launch: { task_infos: [{ name: id, task_id: { value: id }, agent_id, resources, executor }] },
  };
}

/** @param file where its stream is written; the sandbox is gone afterwards. */
async function recordExecutor(file) {
  const environment = executorEnvironment(process.env);
  const recorder = await startRecorder(environment.agentOrigin, file);
  const running = new Set();
  const update = (id, state) => {
    if (isTerminal(state)) running.delete(id);
    else running.add(id);
    client.update({ task_id: { value: id }, state });
  };
  const client = new ExecutorClient(
    { environment: { ...environment, agentOrigin: recorder.origin } },
    {
      onSubscribed() {},
      onEvent(event) {
        if (event.type === "KILL") update(event.kill.task_id.value, "TASK_KILLED");
        if (event.type !== "LAUNCH") return;
        const id = event.launch.task.task_id.value;
        update(id, "TASK_RUNNING");
        if (id !== "short") return;
        client.message(Buffer.from("hello"));
        update(id, "TASK_FINISHED");
      },
      onEnd() {
        for (const id of running) update(id, "TASK_KILLED");
        void client.stop().then(() => recorder.stop());
      },
    },
  );
  client.start();
}

if (process.env.MESOS_EXECUTOR_ID === undefined) await recordScheduler();
else await recordExecutor(process.argv[2]);
