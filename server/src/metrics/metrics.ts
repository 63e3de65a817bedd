import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { Traffic } from './traffic.ts';

/** Milliseconds-to-seconds buckets of what people wait for. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What Prometheus reads at /metrics. Labels are bounded: route patterns, projects, environments, known flags. */
export class Metrics {
  readonly registry = new Registry();

  readonly httpSeconds = new Histogram({
    name: 'bunting_http_request_duration_seconds',
    help: 'Time from a request to its answer, by route pattern',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: SECONDS,
    registers: [this.registry],
  });

  readonly connections = new Gauge({
    name: 'bunting_stream_connections',
    help: 'Open stream connections, by kind of key',
    labelNames: ['kind'] as const,
    registers: [this.registry],
  });

  readonly traffic = new Traffic(this.registry);

  readonly unknownMessages = new Counter({
    name: 'bunting_stream_unknown_messages_total',
    help: 'Messages from SDKs of a type that this version does not know; they are ignored',
    registers: [this.registry],
  });

  readonly laggingSockets = new Gauge({
    name: 'bunting_stream_lagging_sockets',
    help: 'Connections with data that the system has not taken yet',
    registers: [this.registry],
  });

  readonly coalescedRevisions = new Counter({
    name: 'bunting_stream_coalesced_revisions_total',
    help: 'Revisions that reached a connection in the frame of a later one',
    registers: [this.registry],
  });

  readonly admissions = new Counter({
    name: 'bunting_stream_admissions_total',
    help: 'Connections that said hello: let in at once, let in after a wait, or sent away because too many came',
    labelNames: ['outcome'] as const,
    registers: [this.registry],
  });

  readonly admissionQueue = new Gauge({
    name: 'bunting_stream_admission_queue',
    help: 'Connections that wait to be let in',
    registers: [this.registry],
  });

  readonly turnSeconds = new Histogram({
    name: 'bunting_stream_turn_seconds',
    help: 'How long writing to stream connections blocked the event loop at a time',
    buckets: [0.0005, 0.001, 0.002, 0.003, 0.004, 0.005, 0.0075, 0.01, 0.025, 0.1],
    registers: [this.registry],
  });

  readonly slowSockets = new Counter({
    name: 'bunting_stream_slow_sockets_dropped_total',
    help: 'Connections dropped because they read too slowly',
    registers: [this.registry],
  });

  readonly receiptSeconds = new Histogram({
    name: 'bunting_receipt_seconds',
    help: "Time from a revision's commit to an instance's receipt",
    labelNames: ['project', 'environment'] as const,
    buckets: SECONDS,
    registers: [this.registry],
  });

  readonly killReceiptSeconds = new Histogram({
    name: 'bunting_kill_receipt_seconds',
    help: "Time from this server's taking a kill or re-arm to an instance's receipt",
    labelNames: ['project', 'environment'] as const,
    buckets: SECONDS,
    registers: [this.registry],
  });

  readonly evaluations = new Counter({
    name: 'bunting_evaluations_total',
    help: "Evaluations that SDKs with server keys counted; variant is empty where the caller's default was served",
    labelNames: ['project', 'environment', 'flag', 'variant'] as const,
    registers: [this.registry],
  });

  readonly clientEvaluations = new Counter({
    name: 'bunting_client_evaluations_total',
    help: 'Evaluations that pages (client keys) counted; anyone who has the page can make them up',
    labelNames: ['project', 'environment', 'flag', 'variant'] as const,
    registers: [this.registry],
  });

  readonly events = new Counter({
    name: 'bunting_events_total',
    help: 'Metric events that hosts of SDKs with server keys tracked; the 201st name of an environment on is other',
    labelNames: ['project', 'environment', 'event'] as const,
    registers: [this.registry],
  });

  /** Values may be negative, so this is no counter. */
  readonly eventSums = new Gauge({
    name: 'bunting_events_value_sum',
    help: 'Sum of the values of metric events since the start; rate() works where none is negative',
    labelNames: ['project', 'environment', 'event'] as const,
    registers: [this.registry],
  });

  readonly clientEvents = new Counter({
    name: 'bunting_client_events_total',
    help: 'Metric events that pages (client keys) tracked; anyone who has the page can make them up',
    labelNames: ['project', 'environment', 'event'] as const,
    registers: [this.registry],
  });

  readonly clientEventSums = new Gauge({
    name: 'bunting_client_events_value_sum',
    help: 'Sum of the values of metric events that pages tracked since the start',
    labelNames: ['project', 'environment', 'event'] as const,
    registers: [this.registry],
  });

  readonly contexts = new Counter({
    name: 'bunting_contexts_sampled_total',
    help: 'Sampled contexts that arrived, from server SDKs or from pages',
    labelNames: ['source'] as const,
    registers: [this.registry],
  });

  readonly droppedContexts = new Counter({
    name: 'bunting_contexts_dropped_total',
    help: 'Sampled contexts that there was no room for, in SDKs, relays or here, or that could not be stored',
    registers: [this.registry],
  });

  readonly unstoredKills = new Gauge({
    name: 'bunting_kills_unstored',
    help: 'Kills in force that the database does not have yet',
    registers: [this.registry],
  });

  readonly unstoredInterventions = new Gauge({
    name: 'bunting_interventions_unstored',
    help: 'Outcomes of signals and safeguards that the database does not have yet',
    registers: [this.registry],
  });

  readonly peers = new Gauge({
    name: 'bunting_peers',
    help: 'Other servers of the installation that can be counted on',
    registers: [this.registry],
  });

  readonly peerSeconds = new Histogram({
    name: 'bunting_peer_request_seconds',
    help: 'Time that other servers of the installation took to answer',
    labelNames: ['result'] as const,
    buckets: SECONDS,
    registers: [this.registry],
  });

  constructor(rulesets: Rulesets) {
    collectDefaultMetrics({ register: this.registry });
    const labelNames = ['project', 'environment'] as const;
    new Gauge({
      name: 'bunting_revision',
      help: "Number of an environment's current revision",
      labelNames,
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { project, environment, revision } of rulesets.all())
          this.set({ project, environment }, revision.number);
      },
    });
    new Gauge({
      name: 'bunting_kills_engaged',
      help: 'Flags of an environment that are killed',
      labelNames,
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { project, environment, kills } of rulesets.all())
          this.set({ project, environment }, kills.filter(({ engaged }) => engaged).length);
      },
    });
    for (const kind of ['server', 'client', 'relay']) this.connections.set({ kind }, 0);
  }
}
