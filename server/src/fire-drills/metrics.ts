import { Counter, Gauge, type Registry } from 'prom-client';
import type { Result } from './fire-drill.ts';

interface Place {
  readonly project: string;
  readonly environment: string;
}

/** What Prometheus can alarm upon. */
export class DrillMetrics {
  readonly #ended: Counter<'project' | 'environment' | 'outcome'>;
  readonly #seconds: Gauge<'project' | 'environment'>;

  constructor(registry: Registry) {
    const labelNames = ['project', 'environment'] as const;
    const registers = [registry];
    this.#ended = new Counter({
      name: 'bunting_fire_drills_total',
      help: 'Fire drills that this server held: passed, slow or failed',
      labelNames: [...labelNames, 'outcome'] as const,
      registers,
    });
    this.#seconds = new Gauge({
      name: 'bunting_fire_drill_seconds',
      help: 'From sending the alert to the last receipt, in the last fire drill that this server held',
      labelNames,
      registers,
    });
  }

  /** So that what did not happen yet shows as 0, and the first failure as an increase. */
  know(place: Place): void {
    for (const outcome of ['passed', 'slow', 'failed'] as const) this.#ended.inc({ ...place, outcome }, 0);
  }

  note(place: Place, { outcome, sentToLastMs }: Result): void {
    this.#ended.inc({ ...place, outcome });
    if (sentToLastMs !== null) this.#seconds.set({ ...place }, sentToLastMs / 1000);
  }
}
