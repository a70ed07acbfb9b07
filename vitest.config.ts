import { defineConfig } from "vitest/config";

// Unit tests are fast and sit beside the code; what starts processes or opens sockets stands in
// `test/` and in `*.slow.test.ts`. Both run in CI.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["packages/**/*.test.ts", "functions/**/*.test.ts"],
          exclude: ["**/*.slow.test.ts", "**/node_modules/**"],
        },
      },
      {
        test: {
          name: "path",
          include: ["test/**/*.test.ts", "packages/**/*.slow.test.ts"],
          exclude: ["**/node_modules/**"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // These start whole stacks: side by side they would only steal each other's cores.
          fileParallelism: false,
        },
      },
    ],
  },
});
