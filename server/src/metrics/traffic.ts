import { Counter, type Registry } from 'prom-client';

/**
 * Frames and bytes on their way to stream connections. Tallied in plain numbers, which a scrape reads: looking up a
 * counter's labels for each of ten thousand sockets would cost as much as a tenth of the writes.
 */
export class Traffic {
  readonly #tallies = new Map<string, { frames: number; bytes: number }>();

  constructor(registry: Registry) {
    this.#count(registry, 'frames', 'Frames written to stream connections, by message type');
    this.#count(registry, 'bytes', 'Bytes written to stream connections, with their framing, by message type');
  }

  add(type: string, bytes: number): void {
    const tally = this.#tallies.get(type);
    if (tally === undefined) {
      this.#tallies.set(type, { frames: 1, bytes });
      return;
    }
    tally.frames += 1;
    tally.bytes += bytes;
  }

  #count(registry: Registry, what: 'frames' | 'bytes', help: string): void {
    const tallies = this.#tallies;
    new Counter({
      name: `bunting_stream_${what}_sent_total`,
      help,
      labelNames: ['type'] as const,
      registers: [registry],
      collect() {
        this.reset();
        for (const [type, tally] of tallies) this.inc({ type }, tally[what]);
      },
    });
  }
}
