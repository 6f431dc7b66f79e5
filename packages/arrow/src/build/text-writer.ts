/**
 * Writes the strings of the rows `first .. end`, which are one behind the other in `text`, and sets the offsets at which they
 * end; before, those are the ends in UTF-16 units. There must be room for three bytes a character, or for what they take.
 */
export function writeTexts(bytes: Buffer, offsets: Int32Array, first: number, end: number, text: string): void {
  let position = offsets[first]!;
  let unit = 0;
  const begin = position;
  for (let row = first; row < end; row++) {
    const next = offsets[row + 1]! - begin;
    offsets[row + 1] = position = writeText(bytes, position, text.substring(unit, next));
    unit = next;
  }
}

/**
 * Writes a string as UTF-8 and gives the end, or -1 for lone surrogates, which UTF-8 cannot hold. There must be room for
 * three bytes a character where the string is shorter than 40, else for what it takes. Short strings are written here:
 * a native call costs as much as 50 characters.
 */
export function writeText(bytes: Buffer, position: number, text: string): number {
  const length = text.length;
  if (length >= 40) {
    const written = bytes.write(text, position, "utf8");
    return written !== length && !text.isWellFormed() ? -1 : position + written;
  }
  let p = position;
  for (let i = 0; i < length; i++) {
    let unit = text.charCodeAt(i);
    if (unit < 0x80) bytes[p++] = unit;
    else if (unit < 0x800) {
      bytes[p++] = 0xc0 | (unit >> 6);
      bytes[p++] = 0x80 | (unit & 0x3f);
    } else if (unit < 0xd800 || unit > 0xdfff) {
      bytes[p++] = 0xe0 | (unit >> 12);
      bytes[p++] = 0x80 | ((unit >> 6) & 0x3f);
      bytes[p++] = 0x80 | (unit & 0x3f);
    } else {
      const low = i + 1 < length ? text.charCodeAt(++i) : 0;
      if (unit > 0xdbff || (low & 0xfc00) !== 0xdc00) return -1;
      unit = 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff);
      bytes[p++] = 0xf0 | (unit >> 18);
      bytes[p++] = 0x80 | ((unit >> 12) & 0x3f);
      bytes[p++] = 0x80 | ((unit >> 6) & 0x3f);
      bytes[p++] = 0x80 | (unit & 0x3f);
    }
  }
  return p;
}
