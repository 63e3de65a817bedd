import { setTimeout as sleep } from 'node:timers/promises';
import type { ApplicationState } from './application-main.ts';
import type { Estate } from './estate.ts';
import type { Guardian } from './guardian.ts';
import type { Ledger } from './ledger.ts';

/** While nothing breaks: the machine may be busy with other things. */
const BOUND_MS = 5_000;
/** Whoever fell back to polling, as after two connections that were cut, asks every 18 s at the latest. */
const POLLING_BOUND_MS = 18_000 + BOUND_MS;

/**
 * Kills a flag while nothing breaks, and re-arms it. @returns when all instances that are told by themselves obeyed, from the
 * request, in milliseconds
 */
export async function checkKill(guardian: Guardian, { applications }: Estate, ledger: Ledger): Promise<number> {
  const states = (await Promise.all(applications.map((application) => application.states()))).flat();
  const { sentMs } = await guardian.kill();
  const begunMs = performance.now();
  const obeyed = new Map<string, number>();
  const isLate = (one: ApplicationState) => !obeyed.has(one.instance) && performance.now() > begunMs + boundOf(one);
  while (obeyed.size < states.length && !states.some(isLate)) {
    await sleep(50);
    await Promise.all(applications.map((application) => application.report()));
    for (const { instance, flag, atMs, count } of ledger.sightings) {
      if (flag === guardian.flag && atMs >= sentMs && count === 0 && !obeyed.has(instance)) obeyed.set(instance, atMs);
    }
  }
  const late = states.filter(isLate).map((one) => `${one.instance} (${one.transport}, ${one.state})`);
  if (late.length > 0) {
    ledger.blame(
      `a kill while nothing broke was obeyed by ${obeyed.size} of ${states.length}, but not by ${late.join(', ')}`,
    );
  }
  await guardian.rearm();
  const told = states.filter(({ transport }) => transport !== 'polling');
  return Math.max(0, ...told.map(({ instance }) => obeyed.get(instance) ?? 0)) - sentMs;
}

function boundOf({ transport }: ApplicationState): number {
  return transport === 'polling' ? POLLING_BOUND_MS : BOUND_MS;
}
