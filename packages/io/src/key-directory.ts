/** What no name of a directory may have somewhere, `%`, which begins what stands for it, and what hides a name from readers. */
const special = /[\\/:*?"<>|%\p{Cc}]|^[._]|[. ]$/gu;

/**
 * The name of a key's directory: `String(key)`, with what cannot stand in a name as `%` and two hexadecimal digits for each byte of its
 * UTF-8, so that `decodeURIComponent` gives the key back. An empty key is `%`.
 */
export function keyDirectory(key: unknown): string {
  const text = String(key).toWellFormed();
  if (text === "") return "%";
  return text.replace(special, (found) =>
    [...Buffer.from(found)].map((byte) => `%${byte.toString(16).padStart(2, "0").toUpperCase()}`).join(""),
  );
}
