import { expect, test } from "vitest";
import { MasterList, parseAddress } from "./master-list.ts";

test("masters are tried in turn", () => {
  const masters = new MasterList(["a:5050", "https://b", "[::1]:5050"]);
  const tried = Array.from({ length: 4 }, () => {
    const { current } = masters;
    masters.failed();
    return current;
  });
  expect(tried).toEqual(["http://a:5050", "https://b", "http://[::1]:5050", "http://a:5050"]);
});

test("the leader that one names is tried, and then the list goes on where it was", () => {
  const masters = new MasterList(["a:5050", "b:5050"]);
  expect(masters.redirected("//c:5050/api/v1/scheduler")).toBe(true);
  expect(masters.current).toBe("http://c:5050");
  masters.failed();
  expect(masters.current).toBe("http://a:5050");
});

test("a scheme stays where the leader is named without one", () => {
  const masters = new MasterList(["https://a:5050"]);
  masters.redirected("//c:5050/x");
  expect(masters.current).toBe("https://c:5050");
});

test.each([undefined, "ftp://c", "http://", "//"])("a redirection to %j is none", (location) => {
  const masters = new MasterList(["a:5050", "b:5050"]);
  expect(masters.redirected(location)).toBe(false);
  expect(masters.current).toBe("http://b:5050");
});

test("masters that name each other are not followed for ever", () => {
  const masters = new MasterList(["a:5050"]);
  const followed = Array.from({ length: 6 }, (_, turn) => masters.redirected(`//${turn % 2 === 0 ? "b" : "a"}:5050`));
  expect(followed).toEqual([true, true, true, true, true, false]);
});

test("what is no address is refused, without a password that stands in it", () => {
  expect(() => new MasterList([])).toThrow("no Mesos master is given");
  expect(() => parseAddress("a b")).toThrow("GLOAM_ARGUMENT_INVALID: 'a b' is no address of Mesos");
  for (const address of ["user:hidden@a:5050", "http://user:hidden@a:5050"]) {
    const refusal = (): unknown => parseAddress(address);
    expect(refusal).toThrow("GLOAM_ARGUMENT_INVALID");
    expect(refusal).not.toThrow("hidden");
  }
});
