import { defineConfig } from "vitest/config";

/** Suites that need more than Node have files of their own, `*.SUITE.test.ts`, and a script that prepares what they need. */
const suites = ["chaos", "mesos", "packed", "pyarrow", "pyspark"];
const suite = process.env["GLOAM_TEST_SUITE"];

export default defineConfig({
  test: {
    include: [`packages/*/src/**/*.${suite === undefined ? "" : `${suite}.`}test.ts`],
    exclude: suite === undefined ? suites.map((name) => `**/*.${name}.test.ts`) : [],
    // Far above what any test takes: a busy machine is no failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
    typecheck: {
      include: ["packages/*/src/**/*.test-d.ts"],
      // One project of all tests. Against the root's project, which has no files, vitest would pass any assertion.
      tsconfig: "packages/tsconfig.json",
    },
  },
});
