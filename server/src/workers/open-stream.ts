import type { FastifyInstance } from 'fastify';
import { Workers, type WorkersOptions } from './workers.ts';

/** The sockets of an app's stream: served by the process itself, or by workers. */
export interface OpenStream {
  /** Prometheus text of the whole. */
  metrics(): Promise<string>;
  /** Sends all sockets elsewhere. */
  close(): Promise<void>;
}

/** Lets the stream take an app's upgrades. With a `count` of 0 no process is made. */
export async function openStream(app: Pick<FastifyInstance, 'server'>, options: WorkersOptions): Promise<OpenStream> {
  const { count, stream, metrics } = options;
  if (count === 0) {
    stream.attach(app.server);
    return { metrics: () => metrics.registry.metrics(), close: () => stream.close() };
  }
  const workers = new Workers(options);
  await workers.start();
  app.server.on('upgrade', workers.handOver);
  return {
    metrics: () => workers.metrics(),
    async close() {
      await workers.close();
      await stream.close();
    },
  };
}
