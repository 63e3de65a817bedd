import { Gauge, type Registry } from 'prom-client';
import type { Readiness } from './readiness.ts';

/** Tells whether the database answers, as `/readyz` does: a server without it is degraded, and still scraped. */
export function measureDatabase(registry: Registry, readiness: Readiness): void {
  new Gauge({
    name: 'bunting_database_up',
    help: '1 while the database answers and takes changes',
    registers: [registry],
    async collect() {
      this.set((await readiness.check()).database === 'ok' ? 1 : 0);
    },
  });
}
