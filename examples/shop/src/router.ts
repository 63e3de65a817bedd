import { createServer } from 'node:http';
import { ConfigError, readRouterConfig } from './config.ts';
import { listenToBunting } from './routing/admin.ts';
import { Division } from './routing/division.ts';
import { forwardTo } from './routing/forward.ts';

/** A small load balancer between two versions of the shop, for machines without HAProxy: a traffic target of kind webhook. */
try {
  await run();
} catch (error) {
  console.error(
    `router: ${error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : error}`,
  );
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const config = readRouterConfig(process.env);
  const division = new Division(config.ROUTER_STATE_FILE);
  const sides = { baseline: config.BASELINE_URL, candidate: config.CANDIDATE_URL };
  const admin = await listenToBunting(division, sides, config);
  const server = createServer(forwardTo(sides, division));
  server.listen(config.ROUTER_PORT, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object' && address !== null)
      console.log(`router: listening on http://127.0.0.1:${address.port}`);
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      for (const each of [server, admin]) {
        each.close();
        each.closeAllConnections();
      }
    });
  }
}
