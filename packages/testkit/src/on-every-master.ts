import { GloamContext } from "gloam";
import { afterAll, beforeAll, describe } from "vitest";
import { masters } from "./masters.ts";

/** Defines the same tests for each master, with a context that they share. */
export function onEveryMaster(name: string, define: (context: () => GloamContext) => void): void {
  describe.each(masters)(`${name} in %s`, (master) => {
    let gc: GloamContext | undefined;
    beforeAll(() => {
      gc = new GloamContext({ master, appName: name });
    });
    afterAll(() => gc?.stop());
    define(() => {
      if (gc === undefined) throw new Error("the context is there while tests run only");
      return gc;
    });
  });
}
