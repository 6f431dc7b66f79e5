import { GloamError } from "@gloam/common";
import type { Client, Dispatcher } from "undici";

/** What came back for a call. */
export interface Answer {
  readonly status: number;
  /** Where a redirection points. */
  readonly location: string | undefined;
  readonly text: string;
}

/** What is kept of an answer's text for a message. */
const mostCharactersShown = 500;

/**
 * Sends a call and reads its whole answer.
 *
 * @param mostBytes longest answer that is taken.
 * @throws GLOAM_MESOS_PROTOCOL where the answer is longer; undici's error where there is none.
 */
export async function postCall(
  client: Client,
  path: string,
  headers: Record<string, string>,
  call: unknown,
  mostBytes = 1024 * 1024,
): Promise<Answer> {
  const response = await client.request({ method: "POST", path, headers, body: JSON.stringify(call) });
  return readAnswer(response, mostBytes);
}

/** Reads the whole answer of a request. See `postCall`. */
export async function readAnswer(response: Dispatcher.ResponseData, mostBytes: number): Promise<Answer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response.body as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > mostBytes)
      throw new GloamError("GLOAM_MESOS_PROTOCOL", `an answer is longer than the ${mostBytes} bytes that are taken`);
    parts.push(part);
  }
  const { location } = response.headers;
  return {
    status: response.statusCode,
    location: typeof location === "string" ? location : undefined,
    text: Buffer.concat(parts).toString(),
  };
}

/** `400 Failed to validate ...`: status and text of an answer, for a message. */
export function describeAnswer({ status, text }: Answer): string {
  const words = text.trim().replaceAll(/\s+/g, " ");
  const shown = words.length > mostCharactersShown ? `${words.slice(0, mostCharactersShown)}...` : words;
  // Mesos's own texts begin with the status where there is nothing more to say.
  return shown.startsWith(`${status}`) ? shown : `${status} ${shown}`.trim();
}
