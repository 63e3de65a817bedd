import { PassThrough, type Readable } from 'node:stream';

/** At most one event in this many milliseconds. */
const MIN_INTERVAL_MS = 50;
/** A comment this often keeps proxies from closing a quiet stream. */
const HEARTBEAT_MS = 15_000;
/** A reader that is this many bytes behind gets nothing until it has read them: only the latest state matters. */
const MAX_WAITING_BYTES = 64 * 1024;
/** Whoever has not read the end of its stream this long after `close` is cut off: it must not keep the server from closing. */
const CLOSE_TIMEOUT_MS = 2000;

export interface EventSource {
  readonly event: string;
  /** The current state; undefined while there is nothing to tell. */
  read(): unknown;
  /** Calls `listener` when the state may have changed. @returns how to stop it */
  watch(listener: () => void): () => void;
}

/** What lets a reader in for a time. */
export interface Lease {
  /** Asked at each heartbeat. When it cannot be told (a lost database), the reader stays. */
  isValid(): Promise<boolean>;
  /** Calls `listener` when the lease ends before its time. @returns how to stop it */
  onEnd(listener: () => void): () => void;
}

/** Server-sent events: the state of each source at once, then whenever it differs. */
export class EventStreams {
  /** How to end each open stream. */
  readonly #open = new Map<PassThrough, () => void>();
  #isClosed = false;

  get size(): number {
    return this.#open.size;
  }

  /**
   * After `close`, the stream has the present state and has ended.
   * @param lease the stream ends with it; undefined: it lasts until the reader or the server ends it
   */
  open(sources: readonly EventSource[], lease?: Lease): Readable {
    const stream = new PassThrough();
    const lastTexts = new Map<EventSource, string>();
    /** Sources that may have something to tell. */
    const stirred = new Set(sources);
    let lastSentMs = Number.NEGATIVE_INFINITY;
    let timer: NodeJS.Timeout | undefined;
    const send = () => {
      timer = undefined;
      if (stream.writableLength > MAX_WAITING_BYTES) return later();
      const events = [...stirred].map((source) => {
        const text = JSON.stringify(source.read()) ?? '';
        if (text === (lastTexts.get(source) ?? '')) return '';
        lastTexts.set(source, text);
        return text === '' ? '' : `event: ${source.event}\ndata: ${text}\n\n`;
      });
      stirred.clear();
      const frame = events.join('');
      if (frame === '') return;
      lastSentMs = performance.now();
      stream.write(frame);
    };
    const later = () => {
      timer ??= setTimeout(send, Math.max(0, lastSentMs + MIN_INTERVAL_MS - performance.now()));
    };
    const unwatches = sources.map((source) =>
      source.watch(() => {
        stirred.add(source);
        later();
      }),
    );
    const heartbeat = setInterval(() => {
      stream.write(':\n\n');
      lease?.isValid().then(
        (isValid) => isValid || end(),
        () => {},
      );
    }, HEARTBEAT_MS);
    const stop = () => {
      clearTimeout(timer);
      clearInterval(heartbeat);
      for (const unwatch of unwatches) unwatch();
      unlease?.();
      this.#open.delete(stream);
    };
    const end = () => {
      stop();
      stream.end();
    };
    const unlease = lease?.onEnd(end);
    this.#open.set(stream, end);
    stream.on('close', stop);
    send();
    if (this.#isClosed) end();
    return stream;
  }

  /** Ends all streams, and those that are opened on a connection that is still there; browsers come back by themselves. */
  close(): void {
    this.#isClosed = true;
    const open = [...this.#open];
    for (const [, end] of open) end();
    setTimeout(() => {
      for (const [stream] of open) stream.destroy();
    }, CLOSE_TIMEOUT_MS).unref();
  }
}
