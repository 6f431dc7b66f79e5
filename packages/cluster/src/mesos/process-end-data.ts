import type { ProcessEnd } from "../remote/fleet.ts";

/** How a process ended, as the `data` of a task's last status: base64. */
export function encodeProcessEnd({ code, signal }: ProcessEnd): string {
  return Buffer.from(JSON.stringify({ code, signal })).toString("base64");
}

/** Undefined for data that says nothing of an end, as in updates that the agent or the master makes. */
export function decodeProcessEnd(data: string | undefined): ProcessEnd | undefined {
  if (data === undefined || data === "") return undefined;
  try {
    const { code, signal } = JSON.parse(Buffer.from(data, "base64").toString("utf8")) as Record<string, unknown>;
    if (typeof code !== "number" && typeof signal !== "string") return undefined;
    return {
      code: typeof code === "number" ? code : undefined,
      signal: typeof signal === "string" ? signal : undefined,
    };
  } catch {
    return undefined;
  }
}
