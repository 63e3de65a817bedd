import { Gauge, type Registry } from 'prom-client';
import type { Journal } from './journal.ts';

/** Offers what lies in the journal to Prometheus. Counted when it is read. */
export function measureJournal(registry: Registry, journal: Journal): void {
  const registers = [registry];
  new Gauge({
    name: 'bunting_journal_entries',
    help: 'What this server keeps on its disk because the database does not have it yet',
    labelNames: ['kind'] as const,
    registers,
    collect() {
      this.reset();
      for (const [kind, count] of journal.counts()) this.set({ kind }, count);
    },
  });
  new Gauge({
    name: 'bunting_journal_working',
    help: '1 when the disk took what it was last given to keep; 0: kills that the database lacks end with the servers',
    registers,
    collect() {
      this.set(journal.isWorking ? 1 : 0);
    },
  });
}
