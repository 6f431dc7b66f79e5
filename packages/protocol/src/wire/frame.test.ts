import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FrameOpener, FrameSealer } from "./frame.ts";

const key = new Uint8Array(32).fill(7);
const invalid = expect.objectContaining({ code: "GLOAM_FRAME_INVALID" }) as Error;

describe.each([
  ["authenticated", key],
  ["under TLS", undefined],
])("%s", (_name, shared) => {
  test("what is opened is what was sealed", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 100 }),
        fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 4 }),
        (message, attachments) => {
          const opener = new FrameOpener(shared);
          const opened = opener.open(new FrameSealer(shared).seal(message, attachments));
          expect(Uint8Array.from(opened.message)).toEqual(message);
          expect(opened.attachments.length).toBe(attachments.length);
          attachments.forEach((attachment, index) => opener.check(attachment, opened.attachments[index]!));
        },
      ),
    );
  });

  test("frames come in order, each once", () => {
    const sealer = new FrameSealer(shared);
    const [first, second] = [sealer.seal(Uint8Array.of(1)), sealer.seal(Uint8Array.of(2))];
    const opener = new FrameOpener(shared);
    expect(() => opener.open(second)).toThrow(invalid);
    opener.open(first);
    expect(() => opener.open(first)).toThrow(invalid);
    expect([...opener.open(second).message]).toEqual([2]);
  });

  test("any bytes are refused with a code", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          new FrameOpener(shared).open(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: "GLOAM_FRAME_INVALID" });
        }
      }),
      { numRuns: 20_000 },
    );
  });
});

test("every single changed bit is noticed, in the frame and in what is attached", () => {
  const attachment = Uint8Array.of(9, 8, 7);
  const frame = new FrameSealer(key).seal(Uint8Array.of(1, 2, 3), [attachment]);
  for (let bit = 0; bit < frame.length * 8; bit++) {
    const changed = Uint8Array.from(frame);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => new FrameOpener(key).open(changed)).toThrow(invalid);
  }
  const opener = new FrameOpener(key);
  const [announced] = opener.open(frame).attachments;
  for (const other of [Uint8Array.of(9, 8, 6), Uint8Array.of(9, 8), new Uint8Array()]) {
    expect(() => opener.check(other, announced!)).toThrow(invalid);
  }
});

test("an attachment is that of its frame and place", () => {
  const attachment = Uint8Array.of(9, 8, 7);
  const sealer = new FrameSealer(key);
  const opener = new FrameOpener(key);
  const announced = [1, 2].flatMap(
    (message) => opener.open(sealer.seal(Uint8Array.of(message), [attachment, attachment])).attachments,
  );
  for (const each of announced) opener.check(attachment, each);
  // Equal bytes, and no two equal MACs: none stands for another, neither in the frame nor in the next.
  expect(new Set(announced.map(({ mac }) => Buffer.from(mac).toString("hex"))).size).toBe(4);
  expect(() => opener.check(attachment, { ...announced[0]!, mac: announced[1]!.mac })).toThrow(invalid);
  expect(() => opener.check(attachment, { ...announced[2]!, mac: announced[0]!.mac })).toThrow(invalid);
});

test("a frame of another session is refused", () => {
  const frame = new FrameSealer(key).seal(Uint8Array.of(1));
  expect(() => new FrameOpener(new Uint8Array(32).fill(8)).open(frame)).toThrow(invalid);
});

test("a frame that is cut off, or has more attached than it was sealed with, is refused", () => {
  const frame = new FrameSealer(key).seal(Uint8Array.of(1, 2, 3), [Uint8Array.of(9)]);
  for (let length = 0; length < frame.length; length++) {
    expect(() => new FrameOpener(key).open(frame.subarray(0, length))).toThrow(invalid);
  }
  for (const count of [0, 2, 255]) {
    const forged = Uint8Array.from(frame);
    forged[24] = count;
    expect(() => new FrameOpener(key).open(forged)).toThrow(invalid);
  }
});

test("whatever number a frame claims to have, it is refused with a code", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), (number) => {
      const frame = new FrameSealer(key).seal(Uint8Array.of(1));
      frame.writeBigUInt64BE(number);
      expect(() => new FrameOpener(key).open(frame)).toThrow(invalid);
    }),
    { examples: [[2n ** 64n - 1n], [2n ** 53n], [2n ** 32n]] },
  );
});

test("numbers of frames go on beyond 32 bits, and so do the nonces", () => {
  const first = 2 ** 32 - 1;
  const sealer = new FrameSealer(key, first);
  const opener = new FrameOpener(key, first);
  const attachment = Uint8Array.of(9);
  const frames = [1, 1].map((message) => sealer.seal(Uint8Array.of(message), [attachment]));
  expect(frames.map((frame) => frame.readBigUInt64BE())).toEqual([2n ** 32n - 1n, 2n ** 32n]);
  for (const frame of frames) opener.check(attachment, opener.open(frame).attachments[0]!);
  // A nonce of 32 bits would be that of the first frame again: the same attachment would have the same MAC.
  const low = new FrameSealer(key).seal(Uint8Array.of(1), [attachment]);
  expect(Buffer.compare(frames[1]!.subarray(29, 45), low.subarray(29, 45))).not.toBe(0);
});
