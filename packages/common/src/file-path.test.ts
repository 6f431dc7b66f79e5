import { expect, test } from "vitest";
import { filePath } from "./file-path.ts";

test.each([
  ["/app/a.js", "/app/a.js"],
  ["file:///app/my%20job.ts", "/app/my job.ts"],
  ["file://bundle/a.js", "file://bundle/a.js"],
  ["file:///app/a%2Fb.js", "file:///app/a%2Fb.js"],
  ["node:internal/x", "node:internal/x"],
])("%s is %s", (file, path) => {
  expect(filePath(file)).toBe(path);
});
