import type { Random } from "@gloam/common";
import type { SimulatedProcess } from "./simulated-process.ts";
import { SimulatedChannel, type ChannelOptions } from "./simulated-channel.ts";
import type { VirtualTime } from "./virtual-time.ts";
import { Way } from "./way.ts";

/** A connection of two processes. */
export interface SimulatedConnection<Sent, Received> {
  readonly from: SimulatedChannel<Sent, Received>;
  readonly to: SimulatedChannel<Received, Sent>;
  /** Cuts it: each side hears of it after its time, in milliseconds; Infinity: never. */
  cut(newsFrom: number, newsTo: number): void;
  /** Nothing arrives, in either direction or only at one end, until then. */
  stall(until: number, at: "both" | "from" | "to"): void;
}

/** Connects two processes. */
export function connectProcesses<Sent, Received>(
  time: VirtualTime,
  random: Random,
  delay: () => number,
  ends: { readonly from: ChannelOptions<Received>; readonly to: ChannelOptions<Sent> },
): SimulatedConnection<Sent, Received> {
  const there = new Way(time, random, delay);
  const back = new Way(time, random, delay);
  const from = new SimulatedChannel<Sent, Received>(ends.from, there, back);
  const to = new SimulatedChannel<Received, Sent>(ends.to, back, there);
  const dies = (process: SimulatedProcess, way: Way): void =>
    // A kernel says good-bye for its processes; a machine that is gone says nothing.
    process.onEnd(() => way.cut(random.next() < 0.9 ? delay() : Infinity));
  dies(ends.from.process, there);
  dies(ends.to.process, back);
  return {
    from,
    to,
    cut: (newsFrom, newsTo) => {
      there.cut(newsTo);
      back.cut(newsFrom);
    },
    stall: (until, at) => {
      if (at !== "from") there.stall(until);
      if (at !== "to") back.stall(until);
    },
  };
}
