import { inspect } from "node:util";
import { GloamError } from "@gloam/common";
import type { JobRequest } from "@gloam/plan";
import { withResolvers } from "./resolvers.ts";

/** A job that is not submitted yet. It is cancelled here, by whoever asks for it or by its signal, until `end` is called. */
export class EarlyJob {
  readonly request: JobRequest;
  readonly #cancelling = withResolvers();
  #error: GloamError | undefined;

  constructor(request: JobRequest) {
    this.request = request;
    // Nobody waits for it when executors are there.
    this.#cancelling.promise.catch(() => undefined);
    request.signal?.addEventListener("abort", this.#abort);
  }

  /** The first reason is the one that is told. */
  cancel(reason: string, cause?: unknown): void {
    this.#error ??= cancelledError(this.request, reason, cause);
    this.#cancelling.reject(this.#error);
  }

  /**
   * Waits until executors are there. What happens between their coming and the end of the caller's `await` only `end` tells.
   *
   * @throws GloamError `GLOAM_JOB_CANCELLED` as soon as it is cancelled
   */
  async waitFor(executors: Promise<void>): Promise<void> {
    await Promise.race([executors, this.#cancelling.promise]);
  }

  /** From now on it is cancelled elsewhere. @throws GloamError `GLOAM_JOB_CANCELLED` if it has been cancelled */
  end(): void {
    this.close();
    if (this.#error !== undefined) throw this.#error;
  }

  /** Stops listening to its signal. */
  close(): void {
    this.request.signal?.removeEventListener("abort", this.#abort);
  }

  readonly #abort = (): void => this.cancel(reasonOf(this.request.signal), this.request.signal?.reason);
}

/** What a signal says of why it was aborted. */
export function reasonOf(signal: AbortSignal | undefined): string {
  const reason: unknown = signal?.reason;
  if (reason === undefined) return "its signal was aborted";
  if (reason instanceof Error) return reason.message;
  return typeof reason === "string" ? reason : inspect(reason);
}

/** What whoever asked for a job that was cancelled is told. */
export function cancelledError(request: JobRequest, reason: string, cause: unknown): GloamError {
  return new GloamError("GLOAM_JOB_CANCELLED", `${request.operation} was cancelled: ${reason}`, {
    callSite: request.callSite,
    cause,
  });
}
