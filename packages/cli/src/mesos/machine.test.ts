import { describe, expect, test } from "vitest";
import { libraryPaths, thisMachine } from "./machine.ts";

test("libraries of the linker's cache, of this architecture", () => {
  const cache = `3 libs found in cache \`/etc/ld.so.cache'
\tlibz.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libz.so.1
\tlibz.so.1 (libc6) => /lib/i386-linux-gnu/libz.so.1
\tlibz.so (libc6,x86-64) => /lib/x86_64-linux-gnu/libz.so
`;
  expect(libraryPaths(cache, "libz.so.1")).toEqual(["/lib/x86_64-linux-gnu/libz.so.1"]);
  expect(libraryPaths(cache, "libapr-1.so.0")).toEqual([]);
});

describe("this machine", () => {
  const machine = thisMachine();

  test("has programs and lacks others", () => {
    expect(machine.findProgram("sh")).toMatch(/^\/.*\/sh$/);
    expect(machine.findProgram("no-such-program")).toBeUndefined();
  });

  test("runs a program to its end", async () => {
    const script = "cat; echo $WORD; echo complaint >&2; exit 3";
    expect(await machine.run("sh", ["-c", script], { WORD: "word" })).toEqual({
      status: 3,
      output: "word\ncomplaint\n",
    });
  });

  test("says why one cannot be run", async () => {
    const { status, output } = await machine.run("/no/such/program", []);
    expect(status).toBeUndefined();
    expect(output).toContain("ENOENT");
  });
});
