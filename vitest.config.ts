import { defineConfig } from 'vitest/config';

/** Unit tests stand beside the code they test; everything that crosses packages stands in `test/`. */
export default defineConfig({
  test: {
    projects: [
      project('core', 'core'),
      project('server', 'server'),
      project('sdk-node', 'sdk-node'),
      project('sdk-browser', 'sdk-browser'),
      project('admin-ui', 'admin-ui'),
      project('shop', 'examples/shop'),
      project('integration', 'test/integration', 30_000),
      project('e2e', 'test/e2e', 60_000),
      project('chaos', 'test/chaos', 120_000),
      project('conformance', 'test/conformance'),
      project('bench', 'test/bench'),
      project('tools', 'tools'),
    ],
  },
});

function project(name: string, folder: string, testTimeout = 10_000) {
  return {
    test: {
      name,
      include: [`${folder}/**/*.test.{ts,tsx}`],
      exclude: ['**/node_modules/**', '**/dist/**'],
      testTimeout,
      hookTimeout: Math.max(testTimeout, 30_000),
    },
  };
}
