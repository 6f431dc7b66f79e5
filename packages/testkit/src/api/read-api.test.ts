import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readApi, type ApiEntry } from "./read-api.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gloam-api-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function read(source: string): Partial<ApiEntry>[] {
  writeFileSync(join(folder, "source.ts"), source);
  return readApi(folder).map(({ owner, name, kind, signatures, doc }) => ({
    ...(owner !== undefined && { owner }),
    name,
    kind,
    signatures,
    ...(doc !== undefined && { doc: doc.text as never }),
  }));
}

test("members that a module adds to an interface", () => {
  const source = `
    declare module "../rdd.ts" {
      interface Rdd<T> {
        /** Doubles. */
        twice<U>(
          f: U,
        ): Rdd<T>;
        readonly size: number;
      }
    }`;
  expect(read(source)).toEqual([
    { owner: "Rdd", name: "twice", kind: "method", signatures: ["twice<U>(\n  f: U,\n): Rdd<T>"], doc: "Doubles." },
    { owner: "Rdd", name: "size", kind: "property", signatures: ["readonly size: number"] },
  ]);
});

test("classes: overloads without what implements them, no bodies, nothing private", () => {
  const source = `
    /** A class. */
    export class Box<T> implements Iterable<T> {
      readonly inside: T;
      #hidden = 1;
      private other = 2;
      constructor(inside: T) { this.inside = inside; }
      /** Opens. */
      open(): T;
      open(times: number): T;
      open(times = 1): T { return this.inside; }
      get size(): number { return this.#hidden; }
      [Symbol.iterator](): Iterator<T> { throw new Error(); }
    }`;
  expect(read(source)).toEqual([
    { name: "Box", kind: "class", signatures: ["export class Box<T> implements Iterable<T>"], doc: "A class." },
    { owner: "Box", name: "inside", kind: "property", signatures: ["readonly inside: T"] },
    { owner: "Box", name: "open", kind: "method", signatures: ["open(): T", "open(times: number): T"], doc: "Opens." },
    { owner: "Box", name: "size", kind: "property", signatures: ["get size(): number"] },
    { owner: "Box", name: "[Symbol.iterator]", kind: "method", signatures: ["[Symbol.iterator](): Iterator<T>"] },
  ]);
});

test("functions, types and constants that are exported", () => {
  const source = `
    /** Adds. */
    export function add(a: number, b: number): number { return a + b; }
    export type Pair = [number, number];
    export const one = 1;
    function hidden() {}`;
  expect(read(source)).toEqual([
    { name: "add", kind: "function", signatures: ["function add(a: number, b: number): number"], doc: "Adds." },
    { name: "Pair", kind: "type", signatures: ["export type Pair = [number, number]"] },
    { name: "one", kind: "constant", signatures: ["one"] },
  ]);
});
