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

test("a key that makes too long a name is told of, shortened, with the limit", () => {
  expect(keyDirectory("a".repeat(255))).toHaveLength(255);
  expect(keyDirectory("ü".repeat(127))).toHaveLength(127);
  expect(() => keyDirectory(`begin${"a".repeat(251)}`)).toThrow(
    expect.objectContaining({
      code: "GLOAM_OUTPUT_FAILED",
      message: expect.stringMatching(/the key "begina{35}\.\.\." makes a name of 256 bytes, .* at most 255/) as string,
      hint: expect.stringContaining("shorter") as string,
    }),
  );
  // Two bytes each, and three for what stands for one.
  expect(() => keyDirectory("ü".repeat(128))).toThrow("a name of 256 bytes");
  expect(() => keyDirectory("/".repeat(86))).toThrow("a name of 258 bytes");
  // No half of a pair of surrogates is shown.
  expect(() => keyDirectory(`x${"😀".repeat(100)}`)).toThrow(/"x(😀){19}\uFFFD\.\.\."/u);
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
