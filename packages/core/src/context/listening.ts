import { GloamContext } from "../context.ts";
import type { GloamListener } from "./listeners.ts";

declare module "../context.ts" {
  interface GloamContext {
    /**
     * Calls `listener` with everything that happens from now on: see `GloamEvent` for what there is and in which order it comes.
     * It is called in the driver, while nothing else goes on there, so it should be quick; what belongs to an action has been told
     * when the action's promise settles. Its exceptions are logged once and hurt no job. With nobody listening no event is made.
     *
     * @example
     * const ended = [];
     * const listener = (event) => event.type === "taskEnd" && ended.push(event.partition);
     * gc.addListener(listener);
     * await gc.range(10, { partitions: 2 }).count(); // 10
     * gc.removeListener(listener);
     * ended.length; // 2
     */
    addListener(listener: GloamListener): void;

    /** Tells `listener` nothing more. */
    removeListener(listener: GloamListener): void;
  }
}

GloamContext.prototype.addListener = function (listener): void {
  this.listeners.add(listener);
};

GloamContext.prototype.removeListener = function (listener): void {
  this.listeners.remove(listener);
};
