import { createRandom, isGloamError, type Random } from "@gloam/common";
import { Session } from "@gloam/protocol";
import { Violation } from "./violation.ts";

/** What became of a session over a hostile wire. */
export interface WireFigures {
  readonly sent: number;
  readonly delivered: number;
  /** The receiver found that something was wrong. */
  readonly refused: boolean;
}

/**
 * Sends sealed messages over a wire that drops, repeats, reorders, alters, cuts and invents what it carries, and checks that the
 * receiver delivers the first of what was sent, or ends: never anything else.
 */
export function runHostileWire(seed: number): WireFigures {
  const random = createRandom(seed);
  const [there, back] = [randomBytes(random, 32), randomBytes(random, 32)];
  const sender = new Session({ sending: there, receiving: back });
  const receiver = new Session({ sending: back, receiving: there });
  const sent = Array.from({ length: 1 + random.nextInt(8) }, () => ({
    message: randomBytes(random, random.nextInt(40)),
    attachments: Array.from({ length: random.next() < 0.3 ? random.nextInt(3) : 0 }, () =>
      randomBytes(random, random.nextInt(60)),
    ),
  }));
  const carried = sent.flatMap(({ message, attachments }) => [...sender.send(message, attachments)]);
  const echo = receiver.send(randomBytes(random, 8));
  const isHonest = random.next() < 0.1;
  if (!isHonest) for (let times = 1 + random.nextInt(3); times > 0; times--) disturb(random, carried, echo);
  let delivered = 0;
  for (const bytes of carried) {
    let delivery: ReturnType<Session["receive"]>;
    try {
      delivery = receiver.receive(bytes);
    } catch (error) {
      if (!isGloamError(error) || error.code !== "GLOAM_FRAME_INVALID") throw error;
      if (isHonest) throw new Violation("what was sent is refused");
      return { sent: sent.length, delivered, refused: true };
    }
    if (delivery === undefined) continue;
    const expected = sent[delivered++];
    if (!isSame(delivery, expected)) throw new Violation(`message ${delivered} is not what was sent`);
  }
  if (isHonest && delivered < sent.length) throw new Violation("what was sent is lost");
  return { sent: sent.length, delivered, refused: false };
}

/** One thing that a wire does to what it carries. */
function disturb(random: Random, carried: Uint8Array[], echo: readonly Uint8Array[]): void {
  const at = random.nextInt(carried.length + 1);
  const bytes = carried[at];
  const kind = random.nextInt(7);
  if (kind === 0) carried.splice(at, 1);
  else if (kind === 1 && bytes !== undefined) carried.splice(random.nextInt(carried.length + 1), 0, bytes);
  else if (kind === 2) carried.splice(random.nextInt(carried.length + 1), 0, ...carried.splice(at, 1));
  else if (kind === 3 && bytes !== undefined && bytes.length > 0) {
    const altered = Uint8Array.from(bytes);
    const where = random.nextInt(altered.length);
    altered[where] = (altered[where] ?? 0) ^ (1 << random.nextInt(8));
    carried[at] = altered;
  } else if (kind === 4 && bytes !== undefined) carried[at] = bytes.slice(0, random.nextInt(bytes.length + 1));
  else if (kind === 5) carried.splice(at, 0, randomBytes(random, random.nextInt(80)));
  else carried.splice(at, 0, ...echo);
}

function isSame(a: ReturnType<Session["receive"]>, b: typeof a): boolean {
  if (a === undefined || b === undefined) return false;
  const [of, others] = [
    [a.message, ...a.attachments],
    [b.message, ...b.attachments],
  ];
  return of.length === others.length && of.every((bytes, index) => Buffer.compare(bytes, others[index] ?? bytes) === 0);
}

function randomBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.nextInt(256));
}
