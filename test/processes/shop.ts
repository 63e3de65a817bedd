import { join } from 'node:path';
import { startChild } from '../../tools/child.ts';
import { track } from './started.ts';
import { makeTempFolder } from './temp-folder.ts';

/** The example shop in a process of its own, on a free port. */
export interface TestShop {
  readonly url: string;
  /** Ends it and resolves with how it ended. */
  stop(): Promise<number | string>;
}

export async function startShop(buntingUrl: string, sdkKey: string): Promise<TestShop> {
  const folder = makeTempFolder();
  const environment = { SHOP_HOST: '', SHOP_PORT: '0', BUNTING_URL: buntingUrl, BUNTING_SDK_KEY: sdkKey };
  const child = track(startChild('shop', ['examples/shop/dist/main.js'], environment, join(folder.path, 'shop.log')));
  const url = (await child.line(/^shop: listening on (http\S+)/))[1] ?? '';
  return {
    url,
    stop: async () => {
      await child.stop();
      folder.remove();
      return child.ended;
    },
  };
}
