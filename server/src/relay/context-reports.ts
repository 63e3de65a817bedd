import { PendingContexts } from '../contexts/pending.ts';
import type { ContextReport, ContextSource, SamplingSettings } from '../contexts/sink.ts';
import type { RelayedContexts } from './protocol.ts';

/** What was told waits so long for more, in milliseconds. */
const FLUSH_MS = 5_000;
/** Of one message, in characters: it stays below what an upstream accepts, whatever the characters are. */
const MAX_CHARACTERS = 60_000;
const MAX_ATTRIBUTES = 250;

/** Collects what is told of the contexts of one environment, as its settings allow, and sends it upstream. */
export class ContextReports {
  readonly #send: (text: string) => boolean;
  readonly #nowMs: () => number;
  #pending: PendingContexts | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (text: string) => boolean, nowMs: () => number) {
    this.#send = send;
    this.#nowMs = nowMs;
  }

  /** Undefined until the upstream has said what it wants: then it takes what is told. */
  get settings(): SamplingSettings | undefined {
    return this.#pending?.settings;
  }

  /** What was taken under other settings is let go. @returns whether they are others */
  set({ contextSampling, privateAttributes, salt }: SamplingSettings): boolean {
    const settings = { contextSampling, privateAttributes, salt };
    if (JSON.stringify(settings) === JSON.stringify(this.settings)) return false;
    this.#pending = new PendingContexts(settings);
    return true;
  }

  record(source: ContextSource, report: ContextReport): void {
    this.#pending?.add(source, report, this.#nowMs());
    if (this.#pending?.isEmpty !== false || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  /** What cannot be sent now is let go: it is a sample. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending;
    if (pending === undefined || pending.isEmpty) return;
    this.#pending = new PendingContexts(pending.settings);
    for (const message of messagesOf(pending)) this.#send(JSON.stringify(message));
  }
}

function* messagesOf(pending: PendingContexts): Generator<RelayedContexts> {
  let { dropped } = pending;
  for (const source of ['server', 'page'] as const) {
    const head = { type: 'contexts', from: source === 'page' ? 'client' : 'server' } as const;
    const attributes = pending.attributes.filter((attribute) => attribute.source === source);
    for (let at = 0; at < attributes.length; at += MAX_ATTRIBUTES) {
      const part = attributes.slice(at, at + MAX_ATTRIBUTES) as unknown as RelayedContexts['attributes'];
      yield { ...head, attributes: part.map(({ path, type, count }) => ({ path, type, count })), samples: [] };
    }
    let samples: RelayedContexts['samples'] = [];
    let characters = 0;
    for (const { context, lastSeenMs, count, isCut, ...sample } of pending.samples) {
      if (sample.source !== source) continue;
      if (characters + context.length > MAX_CHARACTERS) {
        yield { ...head, attributes: [], samples, dropped };
        [samples, characters, dropped] = [[], 0, 0];
      }
      samples.push({ context: JSON.parse(context), seenAtMs: lastSeenMs, count, isCut });
      characters += context.length;
    }
    if (samples.length === 0 && (source === 'server' || dropped === 0)) continue;
    yield { ...head, attributes: [], samples, dropped };
    dropped = 0;
  }
}
