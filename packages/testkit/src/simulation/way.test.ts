import { createRandom } from "@gloam/common";
import { expect, test } from "vitest";
import { VirtualTime } from "./virtual-time.ts";
import { Way, type Parcel } from "./way.ts";

/** A way over which 20 parcels are sent, and something happens to it after the tenth. */
function arrivals(seed: number, happen: (way: Way) => void): { parcels: Parcel[]; time: VirtualTime } {
  const random = createRandom(seed);
  const time = new VirtualTime();
  const way = new Way(time, random, () => random.nextInt(100));
  const parcels: Parcel[] = [];
  way.leadTo((parcel) => parcels.push(parcel));
  for (let sent = 0; sent < 20; sent++) {
    if (sent === 10) happen(way);
    way.send(Uint8Array.of(sent));
    time.next(time.now() + 5);
  }
  while (time.next(Infinity));
  return { parcels, time };
}

test("parcels arrive in order, each once, also after a while in which none does", () => {
  for (let seed = 0; seed < 50; seed++) {
    const { parcels, time } = arrivals(seed, (way) => way.stall(1000));
    expect(parcels.map((parcel) => parcel[0])).toEqual(Array.from({ length: 20 }, (_, index) => index));
    expect(time.now()).toBeGreaterThanOrEqual(1000);
  }
});

test("of a way that is cut the first parcels arrive, then the news, and nothing more", () => {
  for (let seed = 0; seed < 50; seed++) {
    const { parcels } = arrivals(seed, (way) => way.cut(500));
    expect(parcels.pop()).toBe("gone");
    expect(parcels.length).toBeLessThanOrEqual(10);
    expect(parcels.map((parcel) => parcel[0])).toEqual(parcels.map((_, index) => index));
  }
});
