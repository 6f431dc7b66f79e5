import { onTestFinished } from "vitest";
import type { LocalMesos } from "../local-mesos.ts";

/** A subscribed framework. */
export interface Framework {
  /** Of the answer to SUBSCRIBE; with any but 200 it has not subscribed. */
  readonly status: number;
  /** The next event of a type. */
  next(type: string): Promise<Record<string, unknown>>;
  /** Makes a call, and gives the status of the answer. */
  call(body: Readonly<Record<string, unknown>>): Promise<number>;
}

/**
 * Subscribes a framework until the test has ended: just enough of the scheduler API to start something.
 *
 * @param authorization the header; its principal is then the framework's.
 */
export async function subscribe({ port }: Pick<LocalMesos, "port">, authorization?: string): Promise<Framework> {
  const url = `http://127.0.0.1:${port}/api/v1/scheduler`;
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const headers = { "content-type": "application/json", ...(authorization !== undefined && { authorization }) };
  const principal = authorization && { principal: atob(authorization.slice("Basic ".length)).split(":")[0] };
  const framework_info = { user: "root", name: "sleeper", checkpoint: true, failover_timeout: 60, ...principal };
  const body = JSON.stringify({ type: "SUBSCRIBE", subscribe: { framework_info } });
  const response = await fetch(url, { method: "POST", headers, body, signal: abort.signal });
  const stream = response.headers.get("mesos-stream-id") ?? "";
  const reader = response.body!.getReader();
  let text = "";
  let framework_id: unknown;
  async function next(type: string): Promise<Record<string, unknown>> {
    for (;;) {
      const record = /^(\d+)\n/.exec(text);
      const end = record === null ? Infinity : record[0].length + Number(record[1]);
      if (end <= text.length) {
        const event = JSON.parse(text.slice(record![0].length, end)) as Record<string, unknown>;
        text = text.slice(end);
        if (event["type"] === type) return event[type.toLowerCase()] as Record<string, unknown>;
        continue;
      }
      const chunk = (await reader.read()) as { readonly value?: Uint8Array };
      if (chunk.value === undefined) throw new Error("the master has ended the subscription");
      text += Buffer.from(chunk.value).toString("latin1");
    }
  }
  if (response.status === 200) framework_id = (await next("SUBSCRIBED"))["framework_id"];
  else abort.abort();
  return {
    status: response.status,
    next,
    async call(call) {
      const answer = await fetch(url, {
        method: "POST",
        headers: { ...headers, "mesos-stream-id": stream },
        body: JSON.stringify({ framework_id, ...call }),
      });
      return answer.status;
    },
  };
}
