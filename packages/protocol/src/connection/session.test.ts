import { expect, test } from "vitest";
import { mostDeliveryBytes, Session } from "./session.ts";

const key = new Uint8Array(32).fill(7);
const keys = { sending: key, receiving: key };

test("what is too large is not sent, and what follows it arrives", () => {
  const [here, there] = [new Session(keys), new Session(keys)];
  const large = new Uint8Array(mostDeliveryBytes);
  expect(() => here.send(Uint8Array.of(1), [large])).toThrow(RangeError);
  expect(() => here.send(large)).toThrow(RangeError);
  expect(() => here.send(Uint8Array.of(1), Array<Uint8Array>(256).fill(Uint8Array.of(1)))).toThrow(RangeError);
  const [frame] = here.send(Uint8Array.of(2));
  expect([...there.receive(frame!)!.message]).toEqual([2]);
});
