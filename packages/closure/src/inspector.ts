import { Session } from "node:inspector";

/** The inspector's name for a live value. */
interface RemoteObject {
  readonly objectId?: string;
  readonly description?: string;
  readonly value?: unknown;
}

/** A property as the inspector lists it. */
export interface RemoteProperty {
  readonly name: string;
  readonly value?: RemoteObject;
}

const exchange = Symbol.for("gloam.closure.exchange");
const exchangeExpression = 'globalThis[Symbol.for("gloam.closure.exchange")]';
const group = "gloam.closure";

/**
 * V8's inspector for this very thread, driven synchronously: in process, a reply arrives before `post` returns. Values cross
 * by identity through a global slot.
 */
class ThreadInspector {
  #session: Session | undefined;

  /** The session, connected at first use. */
  get session(): Session {
    if (this.#session === undefined) {
      this.#session = new Session();
      this.#session.connect();
    }
    return this.#session;
  }

  post(method: string, parameters: object = {}): object {
    let result: object | undefined;
    let failure: Error | null = null;
    this.session.post(method, parameters, (error, reply) => {
      failure = error;
      result = reply;
    });
    if (failure !== null) throw new Error(`inspector: ${method} failed`, { cause: failure });
    return result ?? {};
  }

  /** The inspector's handle of a live value. */
  handleOf(value: unknown): string {
    (globalThis as Record<symbol, unknown>)[exchange] = value;
    const { result } = this.post("Runtime.evaluate", {
      expression: exchangeExpression,
      objectGroup: group,
    }) as { result: RemoteObject };
    return result.objectId as string;
  }

  /** The live value behind a handle. */
  valueOf(handle: string): unknown {
    this.post("Runtime.callFunctionOn", {
      objectId: handle,
      objectGroup: group,
      functionDeclaration: `function () { ${exchangeExpression} = this; }`,
    });
    return (globalThis as Record<symbol, unknown>)[exchange];
  }

  properties(handle: string): { result: RemoteProperty[]; internalProperties?: RemoteProperty[] } {
    const reply = this.post("Runtime.getProperties", { objectId: handle, ownProperties: true });
    return reply as ReturnType<ThreadInspector["properties"]>;
  }

  /** Lets go of every handle. */
  release(): void {
    delete (globalThis as Record<symbol, unknown>)[exchange];
    this.post("Runtime.releaseObjectGroup", { objectGroup: group });
  }
}

/** This thread's inspector. */
export const threadInspector = new ThreadInspector();
