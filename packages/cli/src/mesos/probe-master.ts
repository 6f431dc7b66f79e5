import type { ClusterReadiness } from "./await-agents.ts";

const nothing: ClusterReadiness = { answers: false, agents: undefined };

/**
 * Asks a master on this machine how far it is. Never rejects.
 *
 * @param authorization Shows the state of a master that hides it. One that refuses to show it may still be electing itself,
 *   and answer frameworks with 503 for a moment: it says that only to whom it knows.
 */
export async function probeMaster(port: number, authorization: string | undefined): Promise<ClusterReadiness> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/master/state`, {
      signal: AbortSignal.timeout(5000),
      headers: authorization === undefined ? {} : { authorization },
    });
    if (response.status === 401 || response.status === 403) return { answers: true, agents: undefined };
    if (!response.ok) return nothing;
    const state = (await response.json()) as { readonly slaves?: readonly unknown[] };
    return { answers: true, agents: state.slaves?.length ?? 0 };
  } catch {
    // Nobody listens yet.
    return nothing;
  }
}
