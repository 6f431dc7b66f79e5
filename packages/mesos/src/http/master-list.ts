import { GloamError } from "@gloam/common";

/** Redirections that are followed at once; more of them are two masters that name each other. */
const mostRedirections = 5;

/**
 * Which master to try: those of a list in turn, and the leader that one of them names. Pure.
 *
 * @example
 * new MasterList(["a:5050", "https://b"]).current; // "http://a:5050"
 */
export class MasterList {
  readonly #origins: readonly string[];
  #index = 0;
  #leader: string | undefined;
  #redirections = 0;

  /**
   * @param masters `host:port`, or URLs with `http:` or `https:`.
   * @throws GLOAM_ARGUMENT_INVALID where there is none, or one cannot be read.
   */
  constructor(masters: readonly string[]) {
    if (masters.length === 0) throw new GloamError("GLOAM_ARGUMENT_INVALID", "no Mesos master is given");
    this.#origins = masters.map((master) => parseAddress(master).origin);
  }

  /** Origin of the master to try now. */
  get current(): string {
    return this.#leader ?? this.#origins[this.#index]!;
  }

  /** What was tried did not work: the next of the list, once the leader that one named was tried. */
  failed(): void {
    if (this.#leader === undefined) this.#index = (this.#index + 1) % this.#origins.length;
    this.#leader = undefined;
    this.#redirections = 0;
  }

  /** The current one is the leader. */
  succeeded(): void {
    this.#redirections = 0;
  }

  /**
   * The current one named another as the leader.
   *
   * @param location the header's value; Mesos leaves out the scheme, which stays as it was.
   * @returns whether it shall be tried at once; not after several in a row.
   */
  redirected(location: string | undefined): boolean {
    const origin = location === undefined ? undefined : resolveOrigin(location, this.current);
    if (origin === undefined || this.#redirections >= mostRedirections) {
      this.failed();
      return false;
    }
    this.#redirections++;
    this.#leader = origin;
    return true;
  }
}

/**
 * Reads the address of a master or an agent.
 *
 * @param address `host:port`, or a URL with `http:` or `https:`.
 * @throws GLOAM_ARGUMENT_INVALID where it is neither. A password that stands in it is in no message.
 */
export function parseAddress(address: string): URL {
  const url = parseUrl(/^https?:\/\//i.test(address) ? address : `http://${address}`);
  if (url === undefined || url.hostname === "" || url.username !== "" || url.password !== "") {
    const shown = address.replace(/^(\w+:\/\/)?[^/]*@/, "$1...@");
    throw new GloamError("GLOAM_ARGUMENT_INVALID", `'${shown}' is no address of Mesos: use host:port or a URL`);
  }
  return url;
}

function resolveOrigin(location: string, base: string): string | undefined {
  const url = parseUrl(location, base);
  return url !== undefined && /^https?:$/.test(url.protocol) && url.hostname !== "" ? url.origin : undefined;
}

function parseUrl(text: string, base?: string): URL | undefined {
  return URL.canParse(text, base) ? new URL(text, base) : undefined;
}
