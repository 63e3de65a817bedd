import { connect, type Flags } from '@bunting/node';
import type { FastifyInstance } from 'fastify';
import { buildApp, newShared } from './app.ts';
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
  const ports = [config.SHOP_PORT, ...(config.SHOP_NEXT_PORT === undefined ? [] : [config.SHOP_NEXT_PORT])];
  const shared = newShared(ports.map((_, at) => String(at + 1)));
  const running: { app: FastifyInstance; flags: Flags }[] = [];
  const stop = async () => {
    for (const { app, flags } of running) {
      await app.close();
      await flags.close();
    }
  };
  for (const [at, version] of shared.versions.entries()) {
    const deploy = ports.length === 1 ? {} : { deploy: { version: version.name } };
    const flags = connect({ url: config.BUNTING_URL, sdkKey: config.BUNTING_SDK_KEY, app: 'shop', ...deploy });
    // The first pages should be decided by flags, but a shop that waits for them too long is closed.
    await flags.ready({ timeoutMs: 2_000 });
    const app = await buildApp(flags, shared, version);
    running.push({ app, flags });
    const address = await listen(app, config.SHOP_HOST, ports[at] ?? 0).catch(async (error) => {
      await stop();
      throw error;
    });
    console.log(`shop: ${at === 0 ? '' : `version ${version.name} `}listening on ${address}`);
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
}

function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  return app.listen({ host, port }).catch((error: unknown) => {
    throw error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      ? new ConfigError(`port ${port} is taken; set SHOP_PORT (or SHOP_NEXT_PORT) to another, or to 0 for any free one`)
      : error;
  });
}
