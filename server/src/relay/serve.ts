import type { RelayConfig } from '../config/relay-config.ts';
import { runApp } from '../run-app.ts';
import { buildRelay } from './app.ts';

/** Runs a relay as this process. */
export async function serveRelay(config: RelayConfig): Promise<void> {
  const address = await runApp(await buildRelay(config), config);
  process.stdout.write(`bunting: listening on ${address}\nbunting: relaying ${config.upstream}\n`);
}
