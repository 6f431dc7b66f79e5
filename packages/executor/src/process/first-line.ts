import type { Readable } from "node:stream";

/** Longest line in characters: settings may hold certificates. */
const longest = 2 ** 20;

/** The first line of a stream, without what ends it. Rejects where the stream ends before, or says too much. */
export function firstLine(stream: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const onData = (data: unknown): void => {
      text += String(data);
      const end = text.indexOf("\n");
      if (end >= 0) settle(() => resolve(text.slice(0, end)));
      else if (text.length > longest) settle(() => reject(new Error(`a line longer than ${longest} characters`)));
    };
    const onEnd = (): void => settle(() => reject(new Error("nothing to read")));
    const settle = (tell: () => void): void => {
      stream.off("data", onData).off("end", onEnd).off("error", onEnd);
      tell();
    };
    stream.setEncoding("utf8").on("data", onData).on("end", onEnd).on("error", onEnd);
  });
}
