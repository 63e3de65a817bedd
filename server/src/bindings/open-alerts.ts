import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import type { RequestRates } from '../access/request-rates.ts';
import type { Changes } from '../changes/changes.ts';
import type { Config } from '../config/config.ts';
import type { AddressPolicy } from '../egress/address-policy.ts';
import type { Interventions } from '../interventions/interventions.ts';
import type { Journal } from '../journal/journal.ts';
import { Episodes } from '../signals/episodes.ts';
import { Inbox } from '../signals/inbox.ts';
import { KeptSignals } from '../signals/kept-signals.ts';
import { SignalMetrics } from '../signals/metrics.ts';
import { Signals } from '../signals/signals.ts';
import { Sns } from '../signals/sns.ts';
import { SourceBook } from '../signals/source-book.ts';
import { SignalSources } from '../signals/sources.ts';
import type { Database } from '../store/tables.ts';
import type { Vault } from '../vault/vault.ts';
import { Acted } from './acted.ts';
import { BindingBook } from './binding-book.ts';
import { Bindings } from './bindings.ts';
import { BindingSamples } from './samples.ts';
import { BindingEditor } from './service.ts';

interface AlertsOptions {
  readonly database: Database;
  readonly changes: Changes;
  readonly interventions: Interventions;
  readonly journal: Journal;
  readonly rates: RequestRates;
  readonly vault: Vault;
  /** Where certificates of senders may be fetched from. */
  readonly policy: AddressPolicy;
  readonly registry: Registry;
  readonly config: Pick<Config, 'signalRetentionDays'>;
  readonly log: FastifyBaseLogger;
  readonly now: () => number;
}

/** The way of an alert: from the bytes that come in to what bindings make of it, all with what is in memory. */
export async function openAlerts(options: AlertsOptions) {
  const { database, changes, interventions, journal, rates, vault, policy, registry, config, log, now } = options;
  const sourceBook = new SourceBook({ database, vault, log });
  await sourceBook.catchUp();
  changes.onCount('signal-sources', () => sourceBook.refresh());
  const bindingBook = new BindingBook(database, log);
  await bindingBook.catchUp();
  changes.onCount('bindings', () => bindingBook.refresh());
  const acted = new Acted({ database, log, now });
  await acted.load();
  const bindings = new Bindings({ book: bindingBook, acted, interventions, log, now });
  const signalSources = new SignalSources({ database, changes, vault });
  const keptSignals = new KeptSignals({ database, journal, log, now, retentionDays: config.signalRetentionDays });
  const sns = new Sns(policy);
  const book = sourceBook;
  return {
    ...{ sourceBook, bindingBook, bindings, signalSources, keptSignals },
    inbox: new Inbox({
      ...{ book, taker: bindings, certificates: sns, episodes: new Episodes(database), kept: keptSignals, rates, log },
      metrics: new SignalMetrics(registry),
    }),
    signals: new Signals({ database, changes, sources: signalSources, book, taker: bindings, sns, now }),
    bindingEditor: new BindingEditor(database, changes),
    bindingSamples: new BindingSamples({ bindings, sources: book, now }),
  };
}
