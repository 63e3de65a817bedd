import { setTimeout as sleep } from 'node:timers/promises';
import type { Estate } from './estate.ts';
import type { Guardian } from './guardian.ts';
import type { Ledger } from './ledger.ts';

/** While nothing breaks: the machine may be busy with other things. */
const BOUND_MS = 5_000;

/** Kills a flag while nothing breaks, and re-arms it. @returns when all instances obeyed, from the request, in milliseconds */
export async function checkKill(guardian: Guardian, { applications }: Estate, ledger: Ledger): Promise<number> {
  const report = () => Promise.all(applications.map((application) => application.report()));
  const { sentMs } = await guardian.kill();
  const instances = applications.reduce((sum, { plan }) => sum + plan.instances, 0);
  const untilMs = performance.now() + BOUND_MS;
  let obeyed: number[] = [];
  while (obeyed.length < instances && performance.now() < untilMs) {
    await sleep(50);
    await report();
    const seen = ledger.sightings.filter(
      ({ flag, atMs, count }) => flag === guardian.flag && atMs >= sentMs && count === 0,
    );
    obeyed = [...new Map(seen.map(({ instance, atMs }) => [instance, atMs])).values()];
  }
  if (obeyed.length < instances) {
    ledger.blame(`a kill while nothing broke was obeyed by ${obeyed.length} of ${instances} within ${BOUND_MS} ms`);
  }
  await guardian.rearm();
  return Math.max(0, ...obeyed) - sentMs;
}
