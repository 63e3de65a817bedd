import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What Prometheus reads of safeguards. */
export class SafeguardMetrics {
  readonly judged: Gauge;
  readonly lookSeconds: Histogram;
  readonly verdicts: Counter<'action' | 'mode'>;
  readonly unstored: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.judged = new Gauge({
      name: 'bunting_safeguards_judged',
      help: 'How many safeguards, flags, variants and splits this server judges apart from each other',
      registers,
    });
    this.lookSeconds = new Histogram({
      name: 'bunting_safeguard_look_seconds',
      help: 'How long a look at what was counted took, with the wait for the other servers (0.2 s at most)',
      buckets: [0.001, 0.005, 0.02, 0.1, 0.25, 1, 5],
      registers,
    });
    this.verdicts = new Counter({
      name: 'bunting_safeguard_verdicts_total',
      help: 'How often a safeguard failed, as this server sees it',
      labelNames: ['action', 'mode'],
      registers,
    });
    this.unstored = new Gauge({
      name: 'bunting_safeguard_verdicts_unstored',
      help: 'Verdicts that wait for the database',
      registers,
    });
  }
}
