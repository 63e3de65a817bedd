import { type ContextSample, PrivateAttributes, sampleContext } from '@bunting/core';
import type { ContextReport, ContextSource, SamplingSettings } from './sink.ts';
import { hideKey, subjectOf } from './subject.ts';

/** What waits together to be stored or sent on, at most. */
const MAX_SAMPLES = 1_000;
const MAX_CHARACTERS = 2_000_000;
const MAX_ATTRIBUTES = 1_000;

/** Nothing was seen earlier than this before it is told of, in milliseconds: clocks differ, and reports wait. */
const MAX_DELAY_MS = 10 * 60_000;

const PATH = /^[^\p{Cc}]{1,200}$/u;
const TYPE = /^[a-z ]{1,50}$/;

export interface PendingSample {
  readonly subject: string;
  readonly source: ContextSource;
  /** JSON. */
  readonly context: string;
  readonly isCut: boolean;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly count: number;
}

export interface PendingAttribute {
  readonly path: string;
  readonly type: string;
  readonly source: ContextSource;
  readonly count: number;
}

/**
 * What was told of the contexts of one environment and waits to be stored or sent on. Whatever it is told, it holds
 * nothing that the settings do not allow: an SDK may not know of them yet.
 */
export class PendingContexts {
  readonly settings: SamplingSettings;
  readonly #private: PrivateAttributes;
  readonly #samples = new Map<string, PendingSample>();
  readonly #attributes = new Map<string, PendingAttribute>();
  #characters = 0;
  /** Samples that there was no room for, here or further down. */
  dropped = 0;

  constructor(settings: SamplingSettings) {
    this.settings = settings;
    this.#private = new PrivateAttributes(settings.privateAttributes);
  }

  get isEmpty(): boolean {
    return this.#samples.size === 0 && this.#attributes.size === 0 && this.dropped === 0;
  }

  get samples(): readonly PendingSample[] {
    return [...this.#samples.values()];
  }

  get attributes(): readonly PendingAttribute[] {
    return [...this.#attributes.values()];
  }

  /** @param isWanted whether a subject is of interest at all */
  add(
    source: ContextSource,
    { attributes, samples, dropped = 0 }: ContextReport,
    nowMs: number,
    isWanted: (subject: string) => boolean = () => true,
  ): void {
    const { contextSampling, salt } = this.settings;
    if (contextSampling === 'off') return;
    for (const { path, type, count } of attributes) this.#addAttribute({ path, type, source, count });
    if (contextSampling !== 'contexts') return;
    this.dropped += dropped;
    for (const { context, seenAtMs, count, isCut = false } of samples) {
      const { targetingKey } = context;
      // Most are known to be unwanted by their keys alone.
      if (typeof targetingKey === 'string' && !isWanted(subjectOf(salt, { targetingKey }))) continue;
      const sample = this.sample(context);
      if (sample === undefined) continue;
      const subject = subjectOf(salt, sample.context);
      if (!isWanted(subject)) continue;
      const seenMs = Math.min(nowMs, Math.max(nowMs - MAX_DELAY_MS, seenAtMs));
      const json = JSON.stringify(sample.context);
      const times = { firstSeenMs: seenMs, lastSeenMs: seenMs, count };
      this.#addSample({ subject, source, context: json, isCut: isCut || sample.isCut, ...times });
    }
  }

  /** A context as it may be kept. */
  sample(context: unknown): ContextSample | undefined {
    const hide = (key: string) => hideKey(this.settings.salt, key);
    return sampleContext(context, { privateAttributes: this.#private, hideKey: hide });
  }

  #addAttribute(attribute: PendingAttribute): void {
    const { path, type, source, count } = attribute;
    if (!PATH.test(path) || !TYPE.test(type) || this.#private.has(path)) return;
    // Types hold no line ends.
    const id = `${source}\n${type}\n${path}`;
    const known = this.#attributes.get(id);
    if (known === undefined && this.#attributes.size >= MAX_ATTRIBUTES) return;
    this.#attributes.set(id, { ...attribute, count: count + (known?.count ?? 0) });
  }

  #addSample(sample: PendingSample): void {
    const known = this.#samples.get(sample.subject);
    const characters = this.#characters + sample.context.length - (known?.context.length ?? 0);
    if ((known === undefined && this.#samples.size >= MAX_SAMPLES) || characters > MAX_CHARACTERS) {
      this.dropped += sample.count;
      return;
    }
    this.#characters = characters;
    const firstSeenMs = Math.min(sample.firstSeenMs, known?.firstSeenMs ?? sample.firstSeenMs);
    const lastSeenMs = Math.max(sample.lastSeenMs, known?.lastSeenMs ?? 0);
    this.#samples.set(sample.subject, {
      ...sample,
      firstSeenMs,
      lastSeenMs,
      count: sample.count + (known?.count ?? 0),
    });
  }
}
