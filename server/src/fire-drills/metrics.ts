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
  readonly #passed: Gauge<'project' | 'environment'>;

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
    this.#passed = new Gauge({
      name: 'bunting_fire_drill_passed',
      help: '1 when the last fire drill that this server held passed; 0: it failed, or was slower than its limit',
      labelNames,
      registers,
    });
  }

  note(place: Place, { outcome, sentToLastMs }: Result): void {
    this.#ended.inc({ ...place, outcome });
    this.#passed.set({ ...place }, outcome === 'passed' ? 1 : 0);
    if (sentToLastMs !== null) this.#seconds.set({ ...place }, sentToLastMs / 1000);
  }
}
