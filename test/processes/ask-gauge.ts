import { join } from 'node:path';
import type { Child } from '../../tools/child.ts';
import type { CollectedGauge, Gauge } from './gauge.ts';

/** What a process loads first, so that it can be asked. */
export const gaugePreload = join(import.meta.dirname, 'preloads/gauge.ts');

/** Of another process. */
export async function askGauge(child: Child): Promise<Gauge> {
  return (await fetch(await urlOf(child))).json() as Promise<Gauge>;
}

/** The same after a garbage collection. */
export async function askCollectedGauge(child: Child): Promise<CollectedGauge> {
  return (await fetch(`${await urlOf(child)}/collected`)).json() as Promise<CollectedGauge>;
}

async function urlOf(child: Child): Promise<string> {
  return (await child.line(/^gauge: (http\S+)/))[1] ?? '';
}
