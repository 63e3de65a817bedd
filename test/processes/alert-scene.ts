import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Alerting, type AlertingPrograms, startAlerting } from './alerting.ts';
import { makeFlag, makeKey, split } from './flags.ts';
import type { MeasuredAppCalls } from './measured-app-main.ts';
import type { ObserversCalls } from './observers-main.ts';
import { Remote } from './remote.ts';
import { startServer, type TestServer } from './server.ts';
import { waitFor } from './wait.ts';

/** What the new side serves. */
const PERCENT = 20;
const REQUESTS_PER_SECOND = 500;
/** Asking a hundred processes takes time that the way of a kill would miss. */
const LOOK_EVERY_MS = 250;

const FLAG = 'new-checkout';
const IN_PRODUCTION = `/projects/default/flags/${FLAG}/environments/production`;

/**
 * An application whose new checkout serves some of the visitors, Prometheus that reads its counters each second,
 * Alertmanager that tells the server, and instances of the SDK for which the flag goes off. Nobody acts.
 */
export interface AlertScene {
  readonly server: TestServer;
  readonly alerting: Alerting;
  /** Lets requests of the new side fail until the flag is off for every instance. */
  breakUntilOff(part: number): Promise<Passed>;
  /** Mends it, and waits until the alert is over. */
  mend(): Promise<void>;
  /** As who has looked into it does. Resolves when the flag is on again for every instance. */
  rearm(): Promise<void>;
  /** Resolves when all that Prometheus still looks at is of a new side that serves its part, and does not fail. */
  settle(): Promise<void>;
  remove(): Promise<void>;
}

/** From the first request that failed, in milliseconds. */
export interface Passed {
  readonly firstOffMs: number;
  readonly lastOffMs: number;
  readonly instances: number;
  /** Requests that failed until then. */
  readonly failures: number;
}

export interface AlertSceneOptions {
  readonly programs: AlertingPrograms;
  readonly processes: number;
  /** Of the SDK, in each process. */
  readonly instances: number;
}

export async function startAlertScene({ programs, processes, instances }: AlertSceneOptions): Promise<AlertScene> {
  const opened: (() => Promise<unknown>)[] = [];
  const remove = async () => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const server = await startServer();
    opened.push(() => server.remove());
    const { api, url } = server;
    await makeFlag(api, { key: FLAG, type: 'boolean' });
    await api.call('PATCH', IN_PRODUCTION, { enabled: true, defaultRule: split({ on: PERCENT, off: 100 - PERCENT }) });
    const secret = await bindAlerts(server);
    const { secret: sdkKey } = await makeKey(api, 'server', 'production');

    const app = new Remote<MeasuredAppCalls>(join(import.meta.dirname, 'measured-app-main.ts'));
    opened.push(() => app.stop());
    const port = await app.call('start', { url, sdkKey, flag: FLAG, requestsPerSecond: REQUESTS_PER_SECOND });
    const observers = Array.from({ length: processes }, () => {
      const remote = new Remote<ObserversCalls>(join(import.meta.dirname, 'observers-main.ts'));
      opened.push(() => remote.stop());
      return remote;
    });
    await Promise.all(observers.map((remote) => remote.call('start', { url, sdkKey, flag: FLAG, instances })));
    const offSince = async () => (await Promise.all(observers.map((remote) => remote.call('offSince')))).flat();

    const alerting = await startAlerting(programs, {
      signalsUrl: `${url}/signals/alertmanager`,
      secret,
      targets: { bunting: new URL(url).host, checkout: `127.0.0.1:${port}` },
    });
    opened.push(() => alerting.remove());
    const areRatesKnown = async () =>
      (await alerting.query('flag_variant:error_ratio:rate10s{variant="on"} == 0')).length > 0;
    await waitFor('Prometheus to know that nothing fails', areRatesKnown, 30_000);

    return {
      server,
      alerting,
      async breakUntilOff(part) {
        await app.call('fail', part);
        const all = await waitFor(
          'the flag to be off for every instance',
          async () => {
            await wait(LOOK_EVERY_MS);
            const known = (await offSince()).filter((atMs) => atMs !== undefined);
            return known.length === processes * instances && known;
          },
          60_000,
        );
        const { firstMs = 0, count } = await app.call('failed');
        const first = Math.min(...all);
        return {
          firstOffMs: first - firstMs,
          lastOffMs: Math.max(...all) - firstMs,
          instances: all.length,
          failures: count,
        };
      },
      async mend() {
        await app.call('fail', 0);
        const isOver = async () => (await alerting.query('ALERTS{alertname="FlagVariantFails"}')).length === 0;
        await waitFor('the alert to be over', isOver, 60_000);
      },
      async rearm() {
        await api.call('POST', `${IN_PRODUCTION}/rearm`, { reason: 'mended' });
        await waitFor(
          'every instance to have it on',
          async () => (await offSince()).every((at) => at === undefined),
          30_000,
        );
      },
      async settle() {
        const served = `sum(rate(http_requests_total{variant="on"}[10s])) > ${(0.9 * REQUESTS_PER_SECOND * PERCENT) / 100}`;
        const isSteady = async () => (await areRatesKnown()) && (await alerting.query(served)).length > 0;
        await waitFor('ten seconds in which nothing fails', isSteady, 60_000);
      },
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Lets alerts that name a flag and an environment kill it there. @returns the secret that they must come with */
async function bindAlerts({ api }: TestServer): Promise<string> {
  const { secret } = await api.call<{ secret: string }>('POST', '/signal-sources', {
    key: 'alertmanager',
    vendor: 'alertmanager',
    name: 'Alertmanager',
    allow: { projects: ['default'], environments: ['production'], action: 'kill' },
    mode: 'armed',
  });
  await api.call('POST', '/projects/default/bindings', {
    key: 'flags-that-fail',
    source: 'alertmanager',
    match: [{ label: 'alertname', equals: 'FlagVariantFails' }],
    targets: { flags: { label: 'flag' }, environments: { label: 'environment' } },
    action: 'kill',
    mode: 'armed',
  });
  return secret;
}
