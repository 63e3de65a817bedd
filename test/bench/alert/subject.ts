import { createHmac, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { makeFlag, makeKey } from '../../processes/flags.ts';
import { Remote } from '../../processes/remote.ts';
import { startServer, type TestServer } from '../../processes/server.ts';
import { waitFor } from '../../processes/wait.ts';
import { show } from '../report.ts';
import { percentile, round } from '../statistics.ts';
import type { Measurement, Options, Subject } from '../subject.ts';
import type { InstanceCalls } from './instances-main.ts';

const flag = 'checkout';
const source = 'alerts';
const place = '/projects/default';
const environment = 'development';
const warmUps = 5;

/** How soon after an alert arrives a flag is off at every instance. */
export const alert: Subject = {
  name: 'alert',
  about:
    'a signed alert at the inbox to the receipt of the last of 100 and 1 000 SDK instances, as the timeline tells it',

  async measure(options) {
    const sizes = options.quick ? [20] : [100, 1_000];
    const rounds = options.quick ? 5 : 1_000;
    const measurements: Measurement[] = [];
    for (const size of sizes) measurements.push(...report(size, await measureSize(size, rounds, options)));
    return {
      measurements,
      notes: [
        `${rounds} alerts a size, one at a time, each followed by a re-arm; real SDKs, up to 500 in a process, on the machine of the server`,
        'from when the server had the body of the alert to the last receipt, by its clock (whole milliseconds) and the timeline of the kill: signature, binding, fsync of the journal, push, SDK, receipt',
      ],
    };
  },
};

/** One kill. In milliseconds from receiving the alert. */
interface Round {
  readonly lastMs: number;
  readonly journalledMs: number;
}

interface Timeline {
  readonly complete: boolean;
  readonly receivedAt: string;
  readonly journalledAt: string | null;
  readonly receivedToLastMs: number | null;
  readonly receipts: { readonly confirmed: number } | null;
}

async function measureSize(size: number, rounds: number, { say }: Options): Promise<Round[]> {
  const server = await startServer();
  const fleet = Array.from(
    { length: Math.ceil(size / 500) },
    () => new Remote<InstanceCalls>(join(import.meta.dirname, 'instances-main.ts')),
  );
  try {
    const send = await prepare(server);
    say(`${size} instances: connecting ...`);
    const { secret } = await makeKey(server.api, 'server');
    const share = Math.ceil(size / fleet.length);
    await Promise.all(fleet.map((remote) => remote.call('open', { url: server.url, sdkKey: secret, count: share })));
    say(`${size} instances: ${warmUps + rounds} alerts ...`);
    const measured: Round[] = [];
    for (let at = 0; at < warmUps + rounds; at += 1) {
      await send();
      const timeline = await timelineOf(server, 2 * at + 1, size);
      if (at >= warmUps) measured.push(timeline);
      await server.api.call('POST', `${place}/flags/${flag}/environments/${environment}/rearm`, { reason: 'next' });
      const isOn = async () => {
        const counts = await Promise.all(fleet.map((remote) => remote.call('countOn', { flag })));
        return counts.reduce((sum, count) => sum + count, 0) === size;
      };
      await waitFor('all instances to have the re-arm', isOn, 30_000);
    }
    return measured;
  } finally {
    await Promise.all(fleet.map((remote) => remote.stop()));
    await server.remove();
  }
}

/** A flag that is on, who may send alerts about it, and what they lead to. @returns how to send one */
async function prepare({ api, url }: TestServer): Promise<() => Promise<void>> {
  await makeFlag(api, { key: flag, type: 'boolean' }, { enabled: true });
  const { secret } = await api.call<{ secret: string }>('POST', '/signal-sources', {
    key: source,
    name: 'Alerts',
    vendor: 'generic',
    project: 'default',
    allow: { action: 'kill' },
    mode: 'armed',
  });
  await api.call('POST', `${place}/bindings`, {
    key: 'checkout-errors',
    source,
    match: [{ label: 'alertname', equals: 'CheckoutErrors' }],
    targets: { flags: { keys: [flag] }, environments: { keys: [environment] } },
    action: 'kill',
    mode: 'armed',
    maxKillsPerHour: 1_000,
    coolDownSeconds: 0,
  });
  return async () => {
    // What began before someone re-armed the flag does not kill it again.
    await wait(2);
    const body = JSON.stringify({
      status: 'firing',
      fingerprint: 'checkout',
      startsAt: new Date().toISOString(),
      labels: { alertname: 'CheckoutErrors' },
    });
    const headers = { 'content-type': 'application/json', ...signature(secret, body) };
    const response = await fetch(`${url}/signals/${source}`, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`the inbox answered ${response.status}: ${await response.text()}`);
  };
}

/** By the scheme of Standard Webhooks. */
function signature(secret: string, body: string): Record<string, string> {
  const id = randomUUID();
  const time = String(Math.floor(Date.now() / 1_000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${signed}` };
}

async function timelineOf({ api }: TestServer, epoch: number, size: number): Promise<Round> {
  const path = `${place}/environments/${environment}/kills/${flag}/timelines/${epoch}`;
  const timeline = await waitFor(
    'the receipts of all',
    async () => {
      const seen = await api.call<Timeline>('GET', path);
      return seen.complete && seen;
    },
    70_000,
  );
  const { receivedAt, journalledAt, receivedToLastMs, receipts } = timeline;
  if (receipts?.confirmed !== size || receivedToLastMs === null) throw new Error('not all instances obeyed the kill');
  // Pushed before the disk had it.
  const journalledMs =
    journalledAt === null ? Number.POSITIVE_INFINITY : Date.parse(journalledAt) - Date.parse(receivedAt);
  return { lastMs: receivedToLastMs, journalledMs };
}

function report(size: number, rounds: readonly Round[]): Measurement[] {
  const instances = `${show(size)} instances`;
  const last = rounds.map(({ lastMs }) => lastMs);
  const line = (name: string, ms: number, budget?: number): Measurement => ({
    case: `${instances}, ${name}`,
    unit: 'ms',
    better: 'lower',
    ours: round(ms),
    ...(budget === undefined ? {} : { budget }),
  });
  return [
    line('alert received to last receipt, p50', percentile(last, 50)),
    line('alert received to last receipt, p99', percentile(last, 99), size === 100 ? 50 : undefined),
    line(
      'alert received to on disk, p50',
      percentile(
        rounds.map(({ journalledMs }) => journalledMs),
        50,
      ),
    ),
  ];
}
