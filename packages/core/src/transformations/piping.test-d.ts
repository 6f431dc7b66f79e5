import { expectTypeOf, test } from "vitest";
import type { Rdd } from "../index.ts";

declare const numbers: Rdd<number>;

test("piping", () => {
  expectTypeOf(numbers.pipe("sort -n")).toEqualTypeOf<Rdd<string>>();
  const options = { env: { LANG: "C" }, separateWorkingDir: true } as const;
  expectTypeOf(numbers.pipe(["sort", "-n"], options)).toEqualTypeOf<Rdd<string>>();
  const printed = numbers.pipe("cat", {
    printPipeContext: (print) => print("numbers"),
    printElement: (element, print) => print(element.toFixed(2)),
  });
  expectTypeOf(printed).toEqualTypeOf<Rdd<string>>();
});
