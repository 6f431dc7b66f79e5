/** Chunks shorter than this share an attachment, into which they are copied; others have one of their own, and are not copied. */
export const sharedBelow = 48 * 1024;

/** An attachment: the chunks `first`, `first + 1`, ... of a message, and where each begins. */
export interface LaidOut {
  readonly first: number;
  readonly offsets: readonly number[];
  readonly bytes: number;
}

/**
 * How the chunks of a message, in order, lie in its attachments: a function of their lengths alone, so that both sides know it.
 * Every chunk begins at a multiple of 8, where Arrow's columns can be read in place.
 *
 * @param isCompressible Whether all of them share one attachment, however long they are: what is compressed is copied anyway, and
 *   the more at once, the better.
 */
export function layOut(lengths: readonly number[], isCompressible: boolean): LaidOut[] {
  const attachments: LaidOut[] = [];
  let first = 0;
  let offsets: number[] = [];
  let end = 0;
  const flush = (): void => {
    if (offsets.length > 0) attachments.push({ first, offsets, bytes: end });
    offsets = [];
    end = 0;
  };
  lengths.forEach((length, index) => {
    if (length >= sharedBelow && !isCompressible) {
      flush();
      attachments.push({ first: index, offsets: [0], bytes: length });
      return;
    }
    if (offsets.length === 0) first = index;
    // Not by bits: lengths that nobody has checked may be larger.
    const offset = Math.ceil(end / 8) * 8;
    offsets.push(offset);
    end = offset + length;
  });
  flush();
  return attachments;
}
