import { expect, test } from "vitest";
import { parseDocComment } from "./doc-comment.ts";

test("in its parts", () => {
  const comment = `*
   * What it means, over
   * two lines.
   *
   * A second paragraph.
   *
   * @param size How many, and
   *   what else.
   * @returns the rest
   * @throws GloamError \`GLOAM_ONE\`, \`GLOAM_TWO\`
   * @example
   * const a = f(1);
   * a + 1; // 2
   `;
  expect(parseDocComment(comment)).toEqual({
    text: "What it means, over\ntwo lines.\n\nA second paragraph.",
    parameters: [{ name: "size", text: "How many, and what else." }],
    returns: "the rest",
    throws: ["`GLOAM_ONE`, `GLOAM_TWO`"],
    examples: ["const a = f(1);\na + 1; // 2"],
    isInternal: false,
  });
});

test("of one line", () => {
  expect(parseDocComment("* Same as `f`. ").text).toBe("Same as `f`.");
  expect(parseDocComment("* @internal Not for you. ").isInternal).toBe(true);
});

test("tags that would be lost are refused", () => {
  expect(() => parseDocComment("* Text.\n * @nonsense there")).toThrow("@nonsense");
});
