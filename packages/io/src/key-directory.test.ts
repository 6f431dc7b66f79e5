import fc from "fast-check";
import { expect, test } from "vitest";
import { keyDirectory } from "./key-directory.ts";

test.each([
  ["plain", "plain"],
  ["Füße 1", "Füße 1"],
  [12, "12"],
  [["a", 1], "a,1"],
  ["a/b", "a%2Fb"],
  ["..", "%2E%2E"],
  [".hidden", "%2Ehidden"],
  ["_SUCCESS", "%5FSUCCESS"],
  ["100%", "100%25"],
  ["a\n\0", "a%0A%00"],
  ["\uD800", "\uFFFD"],
  ["end. ", "end.%20"],
  ["", "%"],
  [undefined, "undefined"],
])("%j", (key, name) => {
  expect(keyDirectory(key)).toBe(name);
});

test("a name is one name, that readers see, and says its key", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary", minLength: 1 }), fc.stringMatching(/^[._/%a ]+$/)), (key) => {
      const name = keyDirectory(key);
      expect(name).not.toMatch(/[/\\\0]|^[._]|[. ]$/);
      expect(decodeURIComponent(name)).toBe(key.toWellFormed());
    }),
  );
});
