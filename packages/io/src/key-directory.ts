import { Buffer } from "node:buffer";
import { GloamError } from "@gloam/common";

/** What no name of a directory may have somewhere, `%`, which begins what stands for it, and what hides a name from readers. */
const special = /[\\/:*?"<>|%\p{Cc}]|^[._]|[. ]$/gu;
/** What file systems take for a name. */
const mostBytes = 255;
/** UTF-8 takes at most three bytes for each unit of a JavaScript string. */
const bytesPerUnit = 3;
/** Units of a key that an error shows. */
const shownUnits = 40;

/**
 * The name of a key's directory: `String(key)`, with what cannot stand in a name as `%` and two hexadecimal digits for each byte of its
 * UTF-8, so that `decodeURIComponent` gives the key back. An empty key is `%`.
 *
 * @throws GloamError `GLOAM_OUTPUT_FAILED` for a name of more than 255 bytes
 */
export function keyDirectory(key: unknown): string {
  const text = String(key).toWellFormed();
  if (text === "") return "%";
  const name = text.replace(special, (found) =>
    [...Buffer.from(found)].map((byte) => `%${byte.toString(16).padStart(2, "0").toUpperCase()}`).join(""),
  );
  if (name.length * bytesPerUnit > mostBytes) checkLength(name, text);
  return name;
}

function checkLength(name: string, key: string): void {
  const bytes = Buffer.byteLength(name);
  if (bytes <= mostBytes) return;
  const shown = key.length > shownUnits ? `${key.slice(0, shownUnits).toWellFormed()}...` : key;
  throw new GloamError(
    "GLOAM_OUTPUT_FAILED",
    `the key ${JSON.stringify(shown)} makes a name of ${bytes} bytes, and a directory's name has at most ${mostBytes}`,
    { hint: "map keys to shorter ones first, as by hashing what is too long, and write the whole key with the value" },
  );
}
