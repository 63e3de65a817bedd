import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Store } from '../store/store.ts';

/** What Prometheus reads about the database and about several servers on one. */
export class StoreMetrics {
  readonly commitSeconds: Histogram;
  readonly catchUps: Counter<'how'>;
  readonly missed: Counter;

  constructor(registry: Registry, store: Store) {
    const registers = [registry];
    this.commitSeconds = new Histogram({
      name: 'bunting_commit_duration_seconds',
      help: 'Time that a change took until it was stored',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    this.catchUps = new Counter({
      name: 'bunting_catch_ups_total',
      help: 'Environments read from the database after other commits: the changes that were missing, or the whole',
      labelNames: ['how'] as const,
      registers,
    });
    this.missed = new Counter({
      name: 'bunting_notifications_missed_total',
      help: 'Revisions of other servers that were found by looking before a notification told of them',
      registers,
    });
    const { pool } = store;
    if (pool === undefined) return;
    new Gauge({
      name: 'bunting_database_connections',
      help: "Connections of the pool by state, and callers that wait for one ('waiting')",
      labelNames: ['state'] as const,
      registers,
      collect() {
        const { inUse, idle, waiting } = store.pool ?? { inUse: 0, idle: 0, waiting: 0 };
        this.set({ state: 'in_use' }, inUse);
        this.set({ state: 'idle' }, idle);
        this.set({ state: 'waiting' }, waiting);
      },
    });
  }
}
