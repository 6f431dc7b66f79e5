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
});

test("a frame of another session, or of the other direction, is refused", () => {
  const frame = new FrameSealer(key).seal(Uint8Array.of(1));
  expect(() => new FrameOpener(new Uint8Array(32).fill(8)).open(frame)).toThrow(invalid);
});

test("numbers of frames beyond 32 bits go on", () => {
  const sealer = new FrameSealer(key);
  const frame = sealer.seal(Uint8Array.of(1));
  expect(frame.readUInt32BE(4)).toBe(0);
  expect(sealer.seal(Uint8Array.of(1)).readUInt32BE(4)).toBe(1);
});
