import { prepareDemo } from '../../tools/demo.ts';
import { type ServerOptions, startServer, type TestServer } from './server.ts';
import { startShop, type TestShop } from './shop.ts';

/** What `npm start` runs, but for the visitors: a server with the demo's flags, and the shop that they decide. */
export interface TestDemo {
  readonly server: TestServer;
  readonly shop: TestShop;
  remove(): Promise<void>;
}

export async function startDemo(options: ServerOptions = {}): Promise<TestDemo> {
  const server = await startServer(options);
  const { url: serverUrl, adminKey, dataDir } = server;
  const shop = await startShop(serverUrl, (await prepareDemo({ serverUrl, adminKey, dataDir })).sdkKey);
  return {
    server,
    shop,
    remove: async () => {
      await shop.stop();
      await server.remove();
    },
  };
}
