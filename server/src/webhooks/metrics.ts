import { Counter, type Registry } from 'prom-client';

/** What goes out. */
export class WebhookMetrics {
  readonly deliveries: Counter<'outcome'>;

  constructor(registry: Registry) {
    this.deliveries = new Counter({
      name: 'bunting_webhook_deliveries_total',
      help: 'Attempts to deliver an event to a webhook, by outcome: delivered or failed',
      labelNames: ['outcome'],
      registers: [registry],
    });
  }
}
