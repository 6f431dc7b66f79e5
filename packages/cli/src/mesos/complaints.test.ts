import { expect, test } from "vitest";
import { complaints } from "./complaints.ts";

test("errors are what matters, without date and place", () => {
  const log = `WARNING: Logging before InitGoogleLogging() is written to STDERR
W1126 13:58:22.196056 18153 master.cpp:456]
****
Master bound to loopback interface!
E1126 13:58:22.196137 18153 master.cpp:527] EXIT with status 1: Invalid json format (see --credentials flag)
`;
  expect(complaints(log)).toEqual(["EXIT with status 1: Invalid json format (see --credentials flag)"]);
});

test("without an error it is what else stands there, such as a traceback", () => {
  const log = "I1126 13:58:22.196056 18153 a.cpp:1] Fine\nTraceback (most recent call last):\nOSError: no such file\n";
  expect(complaints(log)).toEqual(["Traceback (most recent call last):", "OSError: no such file"]);
});

test("and without that, the last lines", () => {
  const log = Array.from({ length: 20 }, (_, line) => `I1126 13:58:22.196056 18153 a.cpp:1] ${line}\n`).join("");
  expect(complaints(log)).toEqual(["12", "13", "14", "15", "16", "17", "18", "19"]);
});
