import { setTimeout as wait } from 'node:timers/promises';
import { type AlertScene, type Passed, startAlertScene } from '../../processes/alert-scene.ts';
import { findAlertingPrograms } from '../../processes/alerting.ts';
import { percentile, round } from '../statistics.ts';
import type { Measurement, Subject } from '../subject.ts';

/** From an application's first failing request until the flag behind it is off everywhere, with nobody acting. */
export const prometheus: Subject = {
  name: 'prometheus',
  about: 'an application begins to fail; Prometheus and Alertmanager, until the flag is off at 100 instances',
  // Minutes: an alert must be over before the next.

  async measure({ quick, say }) {
    const size = quick ? { processes: 4, instances: 25 } : { processes: 100, instances: 1 };
    say(`starting ${size.processes} processes ...`);
    const scene = await startAlertScene({ programs: await findAlertingPrograms(), ...size });
    try {
      const runs = async (part: number, count: number) => {
        const passed: Passed[] = [];
        for (let run = 1; run <= count; run++) {
          say(`${part * 100} % of the new side's requests fail, run ${run} of ${count} ...`);
          await scene.settle();
          // At moments all over the second in which Prometheus looks once.
          await wait((1_000 * run) / count);
          passed.push(await breakAndMend(scene, part));
        }
        return describe(`${part * 100} % of the new side's requests fail`, passed);
      };
      return {
        measurements: [...(await runs(0.5, quick ? 2 : 10)), ...(await runs(0.05, quick ? 1 : 10))],
        notes: [
          `Prometheus scrapes and evaluates each second, group_wait 0s: the files of deploy/, over ${await versionsOf(scene)}`,
          `500 requests a second, a fifth of them served by the new side, and ten seconds of them before each run; ${size.processes * size.instances} instances in ` +
            `${size.processes} processes, the server in another, SQLite`,
          'from the first request that failed, by the clock of the one machine, until the SDK tells of the change',
        ],
      };
    } finally {
      await scene.remove();
    }
  },
};

async function breakAndMend(scene: AlertScene, part: number): Promise<Passed> {
  const passed = await scene.breakUntilOff(part);
  await scene.mend();
  await scene.rearm();
  return passed;
}

function describe(what: string, passed: readonly Passed[]): Measurement[] {
  const line = (name: string, unit: string, values: readonly number[]): Measurement[] => [
    { case: `${what}: ${name}, p50 of ${values.length}`, unit, better: 'lower', ours: round(percentile(values, 50)) },
    { case: `${what}: ${name}, max of ${values.length}`, unit, better: 'lower', ours: round(Math.max(...values)) },
  ];
  return [
    ...line(
      'until off at the last instance',
      'ms',
      passed.map(({ lastOffMs }) => lastOffMs),
    ),
    ...line(
      'from the first instance to the last',
      'ms',
      passed.map(({ firstOffMs, lastOffMs }) => lastOffMs - firstOffMs),
    ),
    ...line(
      'requests that failed',
      'requests',
      passed.map(({ failures }) => failures),
    ),
  ];
}

async function versionsOf({ alerting }: AlertScene): Promise<string> {
  const version = async (url: string) =>
    (await (await fetch(url)).json()) as { data?: { version?: string }; versionInfo?: { version?: string } };
  const { data } = await version(`${alerting.prometheus.url}/api/v1/status/buildinfo`);
  const { versionInfo } = await version(`${alerting.alertmanager.url}/api/v2/status`);
  return `Prometheus ${data?.version} and Alertmanager ${versionInfo?.version}`;
}
