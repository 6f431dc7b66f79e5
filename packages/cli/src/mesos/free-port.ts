import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { GloamError } from "@gloam/common";

/**
 * Below the ports that systems give to outgoing connections, and below those that agents offer. Another would not stay free
 * while a cluster restarts: who tries to reach it may be given that very port, and be connected with itself.
 */
const anyPort = { least: 20_000, above: 31_000 };

const attempts = 100;

/**
 * A port of 127.0.0.1 that nobody listens on.
 *
 * @param wanted the port; any free one when 0.
 * @param propose gives ports to try.
 * @throws GloamError `GLOAM_PORT_TAKEN` when the wanted one, or each of many, cannot be listened on.
 */
export async function freePort(
  wanted: number,
  propose = () => randomInt(anyPort.least, anyPort.above),
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = wanted === 0 ? propose() : wanted;
    const cause = await tryToListen(port);
    if (cause === undefined) return port;
    if (wanted !== 0 || attempt === attempts) {
      const reason = cause.code === "EADDRINUSE" ? "another process listens on it" : cause.message;
      throw new GloamError("GLOAM_PORT_TAKEN", `port ${port} of 127.0.0.1 cannot be used: ${reason}`, { cause });
    }
  }
}

/** Why a port cannot be listened on, if it cannot. */
function tryToListen(port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(undefined)));
  });
}
