import { expect, test } from "vitest";
import { decodeProcessEnd, encodeProcessEnd } from "./process-end-data.ts";

test.each([
  { code: 0, signal: undefined },
  { code: 137, signal: undefined },
  { code: undefined, signal: "SIGTERM" },
])("%j comes back", (end) => {
  const data = encodeProcessEnd(end);
  expect(data).toMatch(/^[\w+/]+=*$/);
  expect(decodeProcessEnd(data)).toEqual(end);
});

test.each([undefined, "", "!", ...["null", "1", "{}", '{"code":"1"}', "{"].map((text) => btoa(text))])(
  "%j says nothing of an end",
  (data) => {
    expect(decodeProcessEnd(data)).toBeUndefined();
  },
);
