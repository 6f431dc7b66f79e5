import { GloamError as ErrorOfCommon } from "@gloam/common";
import { GloamError } from "gloam";
import { expect, test } from "vitest";
import { onEveryMaster } from "./on-every-master.ts";

onEveryMaster("one copy of a class", (gc) => {
  test("on executors, whichever package it is imported from", async () => {
    const same = gc()
      .range(1)
      .map(() => Object.is(GloamError, ErrorOfCommon));
    expect(await same.collect()).toEqual([true]);
  });
});
