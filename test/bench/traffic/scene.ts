import type { Api } from '../../../tools/demo-api.ts';
import { type LoadBalancer, type LoadBalancerName, startLoadBalancer } from '../../processes/load-balancer.ts';
import { startServer, type TestServer } from '../../processes/server.ts';
import { TwoVersions } from '../../processes/two-versions.ts';
import { waitFor } from '../../processes/wait.ts';

const RELEASES = '/projects/default/releases';
const TARGET = '/projects/default/environments/development/traffic-targets/shop';

/** A server of its own, a load balancer that it steers, and two versions of a service behind that. */
export interface Scene {
  readonly balancer: LoadBalancer;
  readonly versions: TwoVersions;
  readonly server: TestServer;
  remove(): Promise<void>;
}

/** Undefined: there is no such load balancer on this machine. */
export async function setScene(name: LoadBalancerName): Promise<Scene | undefined> {
  const versions = await TwoVersions.start();
  const balancer = await startLoadBalancer(name, `figures of traffic with ${name}`, versions.ports);
  if (balancer === undefined) {
    await versions.stop();
    return undefined;
  }
  const server = await startServer({
    env: {
      BUNTING_EGRESS_ALLOW: '127.0.0.1',
      BUNTING_TRAFFIC_PATHS: balancer.folder,
      BUNTING_TRAFFIC_NGINX: balancer.nginx,
    },
  });
  await server.api.call('PUT', TARGET, { name: 'Shop', ...balancer.target });
  return {
    ...{ balancer, versions, server },
    async remove() {
      await server.remove();
      await balancer.remove();
      await versions.stop();
    },
  };
}

interface Shown {
  readonly id: string;
  readonly phase: string;
  readonly trafficPer100k: number | null;
  readonly waiting: readonly string[];
}

/** Begins a release that moves traffic alone. @returns its id */
export async function begin(
  api: Api,
  spec: { readonly strategy: string; readonly stages: readonly object[]; readonly watch?: readonly object[] },
) {
  const { id } = await api.call<Shown>('POST', RELEASES, {
    ...{ title: 'Shop 2', environment: 'development', bakeSeconds: 0, rollbackWindowSeconds: 600, ...spec },
    traffic: { target: 'shop', candidate: 'v2', baseline: 'v1' },
  });
  await command(api, id, { command: 'start' });
  return id;
}

export function command(api: Api, id: string, body: object): Promise<unknown> {
  return api.call('POST', `${RELEASES}/${id}/commands`, body);
}

export async function phaseIs(api: Api, id: string, phase: string, timeoutMs = 60_000): Promise<void> {
  let seen: Shown | undefined;
  await waitFor(
    `the release to be ${phase}`,
    async () => {
      seen = await api.call<Shown>('GET', `${RELEASES}/${id}`);
      if (seen.phase === 'failed') throw new Error(`nothing was begun: ${seen.waiting.join(' ')}`);
      return seen.phase === phase;
    },
    timeoutMs,
  ).catch((cause) => {
    throw new Error(`${cause.message}; it is: ${JSON.stringify(seen)}`, { cause });
  });
}
