import { Gauge, type Registry } from 'prom-client';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { Receipts } from './receipts.ts';

const labelNames = ['project', 'environment'] as const;

/** Offers what this server's instances run to Prometheus, which adds up the servers. Counted when it is read. */
export function measureInstances(registry: Registry, rulesets: Rulesets, receipts: Receipts): void {
  const registers = [registry];
  new Gauge({
    name: 'bunting_instances',
    help: 'Instances that reach this server, by whether they have the newest revision; unknown: lost without a goodbye',
    labelNames: [...labelNames, 'state'] as const,
    registers,
    collect() {
      this.reset();
      for (const ruleset of rulesets.all()) {
        const { project, environment, revision } = ruleset;
        const roll = receipts.rollOf(ruleset);
        const count = { confirmed: 0, pending: 0, unknown: [...roll.lost()].length };
        for (const { proved } of roll.connected()) count[proved >= revision.number ? 'confirmed' : 'pending'] += 1;
        for (const [state, instances] of Object.entries(count)) this.set({ project, environment, state }, instances);
      }
    },
  });
  new Gauge({
    name: 'bunting_instances_behind',
    help: 'Instances connected to this server that lack a revision for more than 10 seconds',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const ruleset of rulesets.all()) {
        const { project, environment } = ruleset;
        this.set({ project, environment }, receipts.rollOf(ruleset).behind.size);
      }
    },
  });
  new Gauge({
    name: 'bunting_instance_data_age_seconds',
    help: 'How old the data of the worst instance was when it last said; 0 is current',
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const ruleset of rulesets.all()) {
        const { project, environment } = ruleset;
        let worstMs = 0;
        for (const { dataAgeMs = 0 } of receipts.rollOf(ruleset).connected()) worstMs = Math.max(worstMs, dataAgeMs);
        this.set({ project, environment }, worstMs / 1000);
      }
    },
  });
}
