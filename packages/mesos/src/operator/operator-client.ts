import { GloamError, isGloamError } from "@gloam/common";
import type { Client } from "undici";
import { describeAnswer, postCall, type Answer } from "../http/answer.ts";
import { parseAddress } from "../http/master-list.ts";
import {
  basicAuthorization,
  callHeaders,
  openConnection,
  type Credential,
  type TlsOptions,
} from "../http/transport.ts";
import type { AgentCall, AgentResponse } from "../messages/agent.ts";
import { checkMessage } from "../messages/check-message.ts";
import type { MasterCall, MasterResponse } from "../messages/master.ts";

export interface OperatorClientOptions {
  /** `host:port` of a master or an agent, or a URL; its path, if it has one, is the API's instead of `/api/v1`. */
  readonly address: string;
  readonly credential?: Credential | undefined;
  readonly tls?: TlsOptions | undefined;
  /** Milliseconds until an answer has to be there; 30 s when left out. */
  readonly answerTimeout?: number | undefined;
}

/** Calls of a master whose answer is not a stream. */
export type OperatorCall = Exclude<MasterCall, { readonly type: "SUBSCRIBE" }>;

/** Calls of an agent whose answer and request are not streams. */
export type AgentOperatorCall = Exclude<
  AgentCall,
  { readonly type: "ATTACH_CONTAINER_INPUT" | "ATTACH_CONTAINER_OUTPUT" | "LAUNCH_NESTED_CONTAINER_SESSION" }
>;

/** What a master answers to a call: its payload; undefined where there is none. */
export type OperatorResponse<Type extends string = string> = PayloadOf<MasterResponse, Type>;

/** What an agent answers to a call. */
export type AgentOperatorResponse<Type extends string = string> = PayloadOf<AgentResponse, Type>;

type PayloadOf<Response extends { readonly type: string }, Type extends string> =
  Extract<Response, { readonly type: Type }> extends infer Found
    ? [Found] extends [never]
      ? undefined
      : Found[Exclude<keyof Found, "type">]
    : never;

/** States of large clusters are long. */
const mostAnswerBytes = 512 * 1024 * 1024;

const mostRedirections = 5;

/** The operator API of a master or an agent: what there is, maintenance, quota, draining, and the like. */
export class OperatorClient {
  readonly #options: OperatorClientOptions;
  readonly #headers: Record<string, string>;
  readonly #path: string;
  #origin: string;
  #client: Client | undefined;

  /** @throws GLOAM_ARGUMENT_INVALID where the address cannot be read. */
  constructor(options: OperatorClientOptions) {
    const { origin, pathname } = parseAddress(options.address);
    this.#options = options;
    this.#origin = origin;
    this.#path = pathname === "/" ? "/api/v1" : pathname;
    this.#headers = callHeaders(options.credential && basicAuthorization(options.credential));
  }

  /**
   * Calls a master, and the leader where that one names another.
   *
   * @returns the payload of the answer, such as that of GET_AGENTS.
   * @throws GLOAM_MESOS_UNAUTHORIZED, GLOAM_MESOS_ERROR where Mesos refuses it, GLOAM_MESOS_DISCONNECTED where no answer
   *   comes, GLOAM_MESOS_PROTOCOL where it cannot be read.
   * @example
   * const { agents = [] } = await client.call({ type: "GET_AGENTS" });
   */
  async call<Type extends OperatorCall["type"]>(
    call: OperatorCall & { readonly type: Type },
  ): Promise<OperatorResponse<Type>> {
    return (await this.#call("MasterResponse", call)) as OperatorResponse<Type>;
  }

  /** Calls an agent. See `call`. */
  async callAgent<Type extends AgentOperatorCall["type"]>(
    call: AgentOperatorCall & { readonly type: Type },
  ): Promise<AgentOperatorResponse<Type>> {
    return (await this.#call("AgentResponse", call)) as AgentOperatorResponse<Type>;
  }

  /** Closes the connection, which calls keep open. */
  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.destroy();
  }

  async #call(response: "MasterResponse" | "AgentResponse", call: { readonly type: string }): Promise<unknown> {
    for (let redirections = 0; ; redirections++) {
      const answer = await this.#post(call);
      if (answer.status === 200 || answer.status === 202) return readPayload(response, call.type, answer);
      const isRedirected = answer.status === 307 && answer.location !== undefined && redirections < mostRedirections;
      if (!isRedirected) throw this.#refusal(call.type, answer);
      await this.close();
      this.#origin = new URL(answer.location, this.#origin).origin;
    }
  }

  async #post(call: { readonly type: string }): Promise<Answer> {
    const { tls, answerTimeout = 30_000 } = this.#options;
    this.#client ??= openConnection({ origin: this.#origin, path: this.#path, tls }, answerTimeout);
    try {
      return await postCall(this.#client, this.#path, this.#headers, call, mostAnswerBytes);
    } catch (cause) {
      if (isGloamError(cause)) throw cause;
      const why = cause instanceof Error ? `: ${cause.message}` : "";
      throw new GloamError("GLOAM_MESOS_DISCONNECTED", `${this.#origin} did not answer ${call.type}${why}`, { cause });
    }
  }

  #refusal(type: string, answer: Answer): GloamError {
    const isUnauthorized = answer.status === 401 || answer.status === 403;
    const code = isUnauthorized
      ? "GLOAM_MESOS_UNAUTHORIZED"
      : answer.status === 503 || answer.status === 307
        ? "GLOAM_MESOS_DISCONNECTED"
        : "GLOAM_MESOS_ERROR";
    return new GloamError(code, `${this.#origin} answered ${type} with ${describeAnswer(answer)}`);
  }
}

function readPayload(name: "MasterResponse" | "AgentResponse", type: string, { text }: Answer): unknown {
  if (text === "") return undefined;
  let response: unknown;
  try {
    response = JSON.parse(text);
  } catch (cause) {
    throw new GloamError("GLOAM_MESOS_PROTOCOL", `the answer to ${type} is no JSON`, { cause });
  }
  checkMessage(name, response);
  return (response as Record<string, unknown>)[type.toLowerCase()];
}
