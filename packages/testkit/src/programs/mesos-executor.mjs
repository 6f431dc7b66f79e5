// An executor of Mesos: a task runs for as many milliseconds as its data say, or until it is killed. Says in its messages how
// often it has subscribed.
import { ExecutorClient, executorEnvironment } from "@gloam/mesos";

const running = new Map();
let subscriptions = 0;

function end(id, state) {
  clearTimeout(running.get(id));
  if (running.delete(id)) client.update({ task_id: { value: id }, state });
}

const client = new ExecutorClient(
  { environment: executorEnvironment(process.env) },
  {
    onSubscribed() {
      subscriptions++;
      client.message(Buffer.from(`${subscriptions}`));
    },
    onEvent(event) {
      if (event.type === "KILL") end(event.kill.task_id.value, "TASK_KILLED");
      if (event.type !== "LAUNCH") return;
      const { task_id, data } = event.launch.task;
      const id = task_id.value;
      client.update({ task_id, state: "TASK_RUNNING" });
      const duration = Number(Buffer.from(data, "base64").toString());
      running.set(
        id,
        setTimeout(() => end(id, "TASK_FINISHED"), duration),
      );
    },
    onEnd() {
      for (const id of running.keys()) end(id, "TASK_KILLED");
      void client.stop();
    },
  },
);
client.start();
