import { nowMs } from '../../processes/clock.ts';
import { percentile, round } from '../statistics.ts';
import type { Measurement, Options } from '../subject.ts';
import { Application } from './application.ts';
import type { Server } from './server.ts';

const project = '/projects/default';
const flagKey = 'toggled';

/** One change on its way. Times by the machine's monotonic clock. */
interface Toggle {
  readonly sentMs: number;
  readonly acknowledgedMs: number;
  readonly changedMs: number;
}

/**
 * Toggles a flag at one server until the SDK of an application at another, or the same, has told of each change: the
 * next one is sent when the SDK answers by the one before.
 */
export async function measureToggles(from: Server, to: Server, options: Options): Promise<Toggle[]> {
  await from.call('POST', `${project}/flags`, { key: flagKey, type: 'boolean' });
  const key = { kind: 'server', name: 'bench' };
  const { secret } = await from.call<{ secret: string }>('POST', `${project}/environments/development/keys`, key);
  const application = await Application.start(to.url, secret, flagKey);
  try {
    return await toggle(from, application, options);
  } finally {
    application.stop();
  }
}

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
    await server.call('PATCH', `${project}/flags/${flagKey}/environments/development`, { enabled });
    const acknowledgedMs = nowMs();
    const { atMs, isOn } = await changed;
    if (isOn !== enabled) throw new Error(`the SDK changed, but still answers ${isOn}`);
    if (i >= warmUps) toggles.push({ sentMs, acknowledgedMs, changedMs: atMs });
  }
  return toggles;
}

/** How long each step took, and in how many toggles the event came before the acknowledgement had been read. */
export function reportToggles(toggles: readonly Toggle[]): { measurements: Measurement[]; early: number } {
  const fromSent = toggles.map(({ sentMs, changedMs }) => changedMs - sentMs);
  const fromAcknowledged = toggles.map(({ acknowledgedMs, changedMs }) => changedMs - acknowledgedMs);
  const requests = toggles.map(({ sentMs, acknowledgedMs }) => acknowledgedMs - sentMs);
  const line = (name: string, values: readonly number[], percent: number): Measurement => ({
    case: `${name}, p${percent}`,
    unit: 'ms',
    better: 'lower',
    ours: round(percentile(values, percent)),
  });
  return {
    measurements: [
      line('commit acknowledged to change event', fromAcknowledged, 50),
      line('commit acknowledged to change event', fromAcknowledged, 99),
      line('request sent to change event', fromSent, 50),
      line('request sent to change event', fromSent, 99),
      line('request sent to commit acknowledged', requests, 50),
    ],
    early: fromAcknowledged.filter((ms) => ms < 0).length,
  };
}
