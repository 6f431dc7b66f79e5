import { readFileSync } from "node:fs";

/**
 * The header by which one of the principals of a file of credentials authenticates over HTTP. The file has one of Mesos's
 * forms: JSON, or lines with a principal and its secret.
 *
 * @returns `undefined` when the file has none or cannot be read: the master says what is wrong with it.
 */
export function readCredential(file: string): string | undefined {
  try {
    const credential = firstOf(readFileSync(file, "utf8"));
    return credential && `Basic ${Buffer.from(credential).toString("base64")}`;
  } catch {
    return undefined;
  }
}

function firstOf(text: string): string | undefined {
  if (!text.trimStart().startsWith("{")) return /^\s*(\S+)[^\S\n]+(\S+)/m.exec(text)?.slice(1).join(":");
  const { credentials } = JSON.parse(text) as {
    readonly credentials: readonly { readonly principal: string; readonly secret: string }[];
  };
  return credentials[0] && `${credentials[0].principal}:${credentials[0].secret}`;
}
