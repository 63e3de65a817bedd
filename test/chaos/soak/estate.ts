import { statSync } from 'node:fs';
import { join } from 'node:path';
import { prepareDemo } from '../../../tools/demo.ts';
import { balancerFolder, startBalancer } from '../../../tools/demo-balancer.ts';
import { askCollectedGauge, gaugePreload } from '../../processes/ask-gauge.ts';
import { makeFlag, makeKey } from '../../processes/flags.ts';
import type { CollectedGauge } from '../../processes/gauge.ts';
import { startRelay } from '../../processes/relay.ts';
import { startServer, type TestServer } from '../../processes/server.ts';
import { startShop } from '../../processes/shop.ts';
import { ShopTraffic } from '../../processes/shop-traffic.ts';
import { track } from '../../processes/started.ts';
import { makeTempFolder } from '../../processes/temp-folder.ts';
import { startWitnesses, type Witnesses } from '../../processes/witnesses.ts';
import { allKeys, growingKeys, makeEditedFlags } from '../edited-flags.ts';

/** What the loop of releases moves, besides the shop's traffic. */
export const RELEASED_FLAG = 'released';
export const TRAFFIC_TARGET = 'shop';

export interface EstateOptions {
  readonly instances: number;
  /** Over which the instances are spread. */
  readonly processes: number;
}

/** All that runs during a soak, each program in a process of its own. */
export interface Estate {
  readonly server: TestServer;
  readonly witnesses: Witnesses;
  readonly visitors: ShopTraffic;
  /** SDK instances, those of the shop included. */
  readonly instances: number;
  /** By the name of the process. */
  gauges(): Promise<ReadonlyMap<string, CollectedGauge>>;
  databaseBytes(): number;
  close(): Promise<void>;
}

const ASK_EVERY_MS = 1_000;
const BETWEEN_VISITORS_MS = 150;

/** A server (SQLite), a relay, the demo's shop in two versions behind its load balancer, and SDKs at server and relay. */
export async function startEstate({ instances, processes }: EstateOptions): Promise<Estate> {
  const folder = makeTempFolder();
  const preloads = [gaugePreload];
  const env = { BUNTING_TRAFFIC_PATHS: balancerFolder(folder.path), BUNTING_EGRESS_ALLOW: '127.0.0.1' };
  const server = await startServer({ preloads, env });
  const { api, url: serverUrl, adminKey, dataDir } = server;
  const relay = await startRelay(serverUrl, (await makeKey(api, 'relay')).secret, { preloads });

  const { sdkKey: shopKey } = await prepareDemo({ serverUrl, adminKey, dataDir });
  const shop = await startShop(serverUrl, shopKey, { preloads, withNext: true });
  const balancer = await startBalancer(folder.path, { baselineUrl: shop.url, candidateUrl: shop.nextUrl });
  track(balancer.child);
  const target = `/projects/default/environments/development/traffic-targets/${TRAFFIC_TARGET}`;
  await api.call('PUT', target, { name: 'Shop', ...balancer.target });

  await makeEditedFlags(api);
  const switched = { type: 'number', variants: [variant('on', 1), variant('off', 0)] };
  await makeFlag(api, { key: RELEASED_FLAG, ...switched }, { enabled: true, defaultRule: { variant: 'off' } });
  const witnesses = await startWitnesses({
    urls: [serverUrl, relay.url],
    sdkKey: (await makeKey(api, 'server')).secret,
    instances: Math.ceil(instances / processes),
    ...{ processes, keys: [...allKeys, RELEASED_FLAG], growing: growingKeys, askEveryMs: ASK_EVERY_MS },
  });
  const visitors = new ShopTraffic([balancer.url], BETWEEN_VISITORS_MS);
  return {
    ...{ server, witnesses, visitors, instances: witnesses.count + 2 },
    async gauges() {
      const programs = [
        ['server', server.child],
        ['relay', relay.child],
        ['shop', shop.child],
      ] as const;
      const own = programs.map(async ([name, child]) => [name, await askCollectedGauge(child)] as const);
      const sdks = (await witnesses.gauges()).map((gauge, at) => [`SDKs ${at + 1}`, gauge] as const);
      return new Map([...(await Promise.all(own)), ...sdks]);
    },
    databaseBytes: () =>
      ['bunting.db', 'bunting.db-wal'].reduce((sum, name) => sum + (sizeOf(join(dataDir, name)) ?? 0), 0),
    async close() {
      await visitors.stop();
      await witnesses.stop();
      await balancer.child.stop();
      await shop.stop();
      await relay.remove();
      await server.remove();
      folder.remove();
    },
  };
}

function variant(name: string, value: number) {
  return { name, value };
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}
