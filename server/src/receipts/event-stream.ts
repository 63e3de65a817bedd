import { PassThrough, type Readable } from 'node:stream';

/** At most one event in this many milliseconds. */
const MIN_INTERVAL_MS = 50;
/** A comment this often keeps proxies from closing a quiet stream. */
const HEARTBEAT_MS = 15_000;
/** A reader that is this many bytes behind gets nothing until it has read them: only the latest state matters. */
const MAX_WAITING_BYTES = 64 * 1024;

export interface EventSource {
  readonly event: string;
  /** The current state. */
  read(): unknown;
  /** Calls `listener` when the state may have changed. @returns how to stop it */
  watch(listener: () => void): () => void;
}

/** Server-sent events of one kind: the state at once, then whenever it differs. */
export class EventStreams {
  readonly #open = new Set<PassThrough>();

  get size(): number {
    return this.#open.size;
  }

  open(source: EventSource): Readable {
    const stream = new PassThrough();
    let lastText = '';
    let lastSentMs = Number.NEGATIVE_INFINITY;
    let timer: NodeJS.Timeout | undefined;
    const send = () => {
      timer = undefined;
      if (stream.writableLength > MAX_WAITING_BYTES) return later();
      const text = JSON.stringify(source.read());
      if (text === lastText) return;
      lastText = text;
      lastSentMs = performance.now();
      stream.write(`event: ${source.event}\ndata: ${text}\n\n`);
    };
    const later = () => {
      timer ??= setTimeout(send, Math.max(0, lastSentMs + MIN_INTERVAL_MS - performance.now()));
    };
    const unwatch = source.watch(later);
    const heartbeat = setInterval(() => stream.write(':\n\n'), HEARTBEAT_MS);
    this.#open.add(stream);
    stream.on('close', () => {
      clearTimeout(timer);
      clearInterval(heartbeat);
      unwatch();
      this.#open.delete(stream);
    });
    send();
    return stream;
  }

  /** Ends all streams; browsers come back by themselves. */
  close(): void {
    for (const stream of this.#open) stream.end();
  }
}
