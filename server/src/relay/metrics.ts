import { Gauge } from 'prom-client';
import type { Metrics } from '../metrics/metrics.ts';
import type { Relay } from './relay.ts';

/** What only a relay has to tell Prometheus. */
export function measureRelay({ registry }: Metrics, relay: Relay): void {
  const labelNames = ['project', 'environment'] as const;
  new Gauge({
    name: 'bunting_relay_upstream_live',
    help: '1 while the data is kept equal to the upstream',
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const { ruleset, isLive } of relay.environments) {
        if (ruleset === undefined) continue;
        const { project, environment } = ruleset;
        this.set({ project, environment }, isLive ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: 'bunting_relay_data_age_seconds',
    help: 'How long ago the origin confirmed that the data is the newest',
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const { ruleset, age } of relay.environments) {
        if (ruleset === undefined || age.ms === undefined) continue;
        const { project, environment } = ruleset;
        this.set({ project, environment }, age.ms / 1_000);
      }
    },
  });
}
