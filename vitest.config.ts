import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    typecheck: {
      include: ["packages/*/src/**/*.test-d.ts"],
      // One project of all tests. Against the root's project, which has no files, vitest would pass any assertion.
      tsconfig: "packages/tsconfig.json",
    },
  },
});
