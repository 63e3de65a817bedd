import { connect } from '@bunting/node';
import { buildApp } from './app.ts';
import { ConfigError, readShopConfig } from './config.ts';

/** The shop's process. Works, with its defaults, while Bunting is out of reach. */
try {
  await run();
} catch (error) {
  console.error(`shop: ${error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : error}`);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const config = readShopConfig(process.env);
  const flags = connect({ url: config.BUNTING_URL, sdkKey: config.BUNTING_SDK_KEY, app: 'shop' });
  // The first pages should be decided by flags, but a shop that waits for them too long is closed.
  await flags.ready({ timeoutMs: 2_000 });

  const app = await buildApp(flags);
  const address = await app.listen({ host: config.SHOP_HOST, port: config.SHOP_PORT }).catch(async (error) => {
    await flags.close();
    throw error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      ? new ConfigError(`port ${config.SHOP_PORT} is taken; set SHOP_PORT to another, or to 0 for any free one`)
      : error;
  });
  console.log(`shop: listening on ${address}`);

  const stop = async () => {
    await app.close();
    await flags.close();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
}
