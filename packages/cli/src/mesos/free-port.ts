import { createServer } from "node:net";
import { GloamError } from "@gloam/common";

/**
 * A port of 127.0.0.1 that nobody listens on.
 *
 * @param wanted the port; any free one when 0.
 * @throws GloamError `GLOAM_PORT_TAKEN` when the wanted one is not free or may not be listened on.
 */
export function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === "EADDRINUSE" ? "another process listens on it" : cause.message;
      reject(new GloamError("GLOAM_PORT_TAKEN", `port ${wanted} of 127.0.0.1 cannot be used: ${reason}`, { cause }));
    });
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : wanted;
      server.close(() => resolve(port));
    });
  });
}
