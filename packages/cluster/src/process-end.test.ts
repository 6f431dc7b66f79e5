import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { stopAtProcessEnd, type ProcessEvents } from "./process-end.ts";

function program(): {
  emitter: EventEmitter;
  raised: string[];
  events: ProcessEvents;
  stops: number;
  abandons: number;
  removals: number;
} {
  const emitter = new EventEmitter();
  const raised: string[] = [];
  const events: ProcessEvents = {
    on: (event, listener) => emitter.on(event, listener),
    off: (event, listener) => emitter.off(event, listener),
    listenerCount: (event) => emitter.listenerCount(event),
    raise: (signal) => void raised.push(signal),
  };
  return { emitter, raised, events, stops: 0, abandons: 0, removals: 0 };
}

function watch(of: ReturnType<typeof program>): () => void {
  return stopAtProcessEnd(of.events, {
    stop: () => {
      of.stops++;
      return Promise.resolve();
    },
    abandon: () => {
      of.abandons++;
      return Promise.resolve();
    },
    removeFiles: () => {
      of.removals++;
    },
  });
}

describe("the end of a process", () => {
  it("stops the driver at Ctrl-C, then lets the signal end the process", async () => {
    const of = program();
    watch(of);
    of.emitter.emit("SIGINT");
    await new Promise(setImmediate);
    expect(of).toMatchObject({ abandons: 1, raised: ["SIGINT"] });
    expect(of.emitter.listenerCount("SIGINT")).toBe(0);
  });

  it("leaves the end to a program that listens itself", async () => {
    const of = program();
    of.emitter.on("SIGINT", () => undefined);
    watch(of);
    of.emitter.emit("SIGINT");
    await new Promise(setImmediate);
    expect(of).toMatchObject({ stops: 1, raised: [] });
  });

  it("removes files when the process just exits", () => {
    const of = program();
    watch(of);
    of.emitter.emit("exit");
    expect(of.removals).toBe(1);
  });

  it("ends all drivers of the process together", async () => {
    const of = program();
    watch(of);
    watch(of);
    of.emitter.emit("SIGTERM");
    await new Promise(setImmediate);
    expect(of).toMatchObject({ abandons: 2, raised: ["SIGTERM"] });
  });

  it("takes its listeners away", () => {
    const of = program();
    watch(of)();
    expect(of.emitter.eventNames()).toEqual([]);
  });
});
