import { join } from 'node:path';
import { type Child, startChild } from '../../tools/child.ts';
import { track } from './started.ts';
import { makeTempFolder } from './temp-folder.ts';

/** The example shop in a process of its own, on a free port. */
export interface TestShop {
  readonly url: string;
  readonly child: Child;
  /** Where its next version answers; empty unless it was asked for. */
  readonly nextUrl: string;
  /** Ends it and resolves with how it ended. */
  stop(): Promise<number | string>;
}

interface ShopOptions {
  /** Modules that Node loads before it. */
  readonly preloads?: readonly string[];
  readonly withNext?: boolean;
}

export async function startShop(
  buntingUrl: string,
  sdkKey: string,
  { preloads = [], withNext = false }: ShopOptions = {},
): Promise<TestShop> {
  const folder = makeTempFolder();
  const environment = {
    ...{ SHOP_HOST: '', SHOP_PORT: '0', SHOP_NEXT_PORT: withNext ? '0' : '' },
    ...{ BUNTING_URL: buntingUrl, BUNTING_SDK_KEY: sdkKey },
  };
  const imports = preloads.map((module) => `--import=${module}`);
  const command = [...imports, 'examples/shop/dist/main.js'];
  const child = track(startChild('shop', command, environment, join(folder.path, 'shop.log')));
  const url = (await child.line(/^shop: listening on (http\S+)/))[1] ?? '';
  const nextUrl = withNext ? ((await child.line(/^shop: version 2 listening on (http\S+)/))[1] ?? '') : '';
  return {
    ...{ url, nextUrl, child },
    stop: async () => {
      await child.stop();
      folder.remove();
      return child.ended;
    },
  };
}
