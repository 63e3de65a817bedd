import { nowMs } from '../../processes/clock.ts';
import { percentile, round } from '../statistics.ts';
import type { Measurement, Options, Outcome, Subject } from '../subject.ts';
import { Application } from './application.ts';
import { Server } from './server.ts';

const flagKey = 'toggled';
const flagPath = `/projects/default/flags/${flagKey}/environments/development`;

/** How long a saved change takes to be what an SDK in another process answers. */
export const push: Subject = {
  name: 'push',
  about: 'toggles of a real server until the change event of an SDK in another process, over loopback',

  async measure(options) {
    let server: Server | undefined;
    let application: Application | undefined;
    try {
      server = await Server.start();
      await server.call('POST', '/projects/default/flags', { key: flagKey, type: 'boolean' });
      const { secret } = await server.call<{ secret: string }>(
        'POST',
        '/projects/default/environments/development/keys',
        {
          kind: 'server',
          name: 'bench',
        },
      );
      application = await Application.start(server.url, secret, flagKey);
      return report(await toggle(server, application, options));
    } finally {
      application?.stop();
      await server?.stop();
    }
  },
};

interface Toggle {
  readonly sentMs: number;
  readonly acknowledgedMs: number;
  readonly changedMs: number;
}

/** One toggle after another: the next is sent when the SDK answers by the one before. */
async function toggle(server: Server, application: Application, options: Options): Promise<Toggle[]> {
  const warmUps = options.quick ? 10 : 100;
  const count = options.quick ? 100 : 1_000;
  options.say(`${warmUps + count} toggles ...`);
  const toggles: Toggle[] = [];
  for (let i = 0; i < warmUps + count; i++) {
    const enabled = i % 2 === 0;
    const changed = application.nextChange();
    // Awaited below; this keeps a failure before then from ending the process.
    changed.catch(() => {});
    const sentMs = nowMs();
    await server.call('PATCH', flagPath, { enabled });
    const acknowledgedMs = nowMs();
    const { atMs, isOn } = await changed;
    if (isOn !== enabled) throw new Error(`the SDK changed, but still answers ${isOn}`);
    if (i >= warmUps) toggles.push({ sentMs, acknowledgedMs, changedMs: atMs });
  }
  return toggles;
}

function report(toggles: readonly Toggle[]): Outcome {
  const fromSent = toggles.map(({ sentMs, changedMs }) => changedMs - sentMs);
  const fromAcknowledged = toggles.map(({ acknowledgedMs, changedMs }) => changedMs - acknowledgedMs);
  const requests = toggles.map(({ sentMs, acknowledgedMs }) => acknowledgedMs - sentMs);
  const line = (name: string, values: readonly number[], percent: number): Measurement => ({
    case: `${name}, p${percent}`,
    unit: 'ms',
    better: 'lower',
    ours: round(percentile(values, percent)),
  });
  const early = fromAcknowledged.filter((ms) => ms < 0).length;
  return {
    measurements: [
      line('commit acknowledged to change event', fromAcknowledged, 50),
      line('commit acknowledged to change event', fromAcknowledged, 99),
      line('request sent to change event', fromSent, 50),
      line('request sent to change event', fromSent, 99),
      line('request sent to commit acknowledged', requests, 50),
    ],
    notes: [
      `${toggles.length} toggles; in ${early} the event came before the acknowledgement was read (a negative time)`,
      'each toggle is a transaction flushed to disk (SQLite, synchronous = FULL): the disk is in the requests',
    ],
  };
}
