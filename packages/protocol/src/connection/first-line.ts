import { timingSafeEqual } from "node:crypto";
import type { Socket } from "node:net";
import type { requestLine } from "./address.ts";

/**
 * Looks at the first line that comes over a connection, and lets whoever reads it next have it again. A stranger costs a
 * comparison here, where an HTTP parser and a WebSocket would cost twenty times as much. Whoever sends less than a line is
 * left waiting: how much of a path is right cannot be found out piece by piece.
 */
export function readFirstLine(
  socket: Socket,
  { line, knownBytes }: ReturnType<typeof requestLine>,
  settle: (isExpected: boolean) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  const onData = (chunk: Buffer): void => {
    chunks.push(chunk);
    length += chunk.length;
    const bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    const isLong = length >= line.length;
    const compared = isLong ? line.length : Math.min(length, knownBytes);
    const isExpected = timingSafeEqual(bytes.subarray(0, compared), line.subarray(0, compared));
    if (isExpected && !isLong) return;
    socket.off("data", onData);
    if (isExpected) {
      socket.pause();
      socket.unshift(bytes);
    }
    settle(isExpected);
  };
  socket.on("data", onData);
}
