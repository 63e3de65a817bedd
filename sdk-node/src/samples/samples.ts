import { createHmac } from 'node:crypto';
import { types } from 'node:util';
import {
  type ContextSampling,
  type ContextsMessage,
  type EvaluationContext,
  PrivateAttributes,
  type SeenAttribute,
  type SettingsMessage,
  sampleContext,
} from '@bunting/core';

/** What waits to be sent, at most: there is more where it came from. */
const MAX_SAMPLES = 100;
const MAX_CHARACTERS = 200_000;
const MAX_ATTRIBUTES = 500;

/** Of one message, in characters: it stays below what a server accepts, whatever the characters are. */
const MAX_MESSAGE_CHARACTERS = 60_000;
const MAX_MESSAGE_ATTRIBUTES = 250;

/** An instance samples no more than this, whatever the server says. */
const MAX_PER_MINUTE = 240;

/** Sampling takes no more than this part of the time, however large the contexts are. */
const MAX_SHARE = 1 / 1000;

interface Waiting {
  readonly context: EvaluationContext;
  readonly characters: number;
  readonly seenAtMs: number;
  readonly count: number;
  readonly isCut: boolean;
}

export interface SamplesOptions {
  /** Private whatever the project's settings say. */
  readonly privateAttributes: readonly string[];
  /** What every context has, unless it has it itself. */
  readonly ambient: EvaluationContext | undefined;
  /** The origin's clock. */
  readonly nowMs: () => number;
}

/** What the server says of the sampling of contexts. */
type Allowed = Pick<SettingsMessage, 'contextSampling' | 'privateAttributes' | 'salt' | 'maxPerMinute'>;

/**
 * Samples the contexts that flags are evaluated for, as far as the server allows: without its word nothing is. What is
 * private is left out when a context is taken, so it never waits here, let alone leaves.
 */
export class Samples {
  /** The next evaluation's context is to be taken: all that evaluating has to do with samples. */
  isDue = false;
  readonly #options: SamplesOptions;
  #allowed: Omit<Allowed, 'maxPerMinute'> | undefined;
  #mode: ContextSampling = 'off';
  #private = new PrivateAttributes([]);
  #spacingMs = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #waiting = new Map<string, Waiting>();
  #characters = 0;
  readonly #attributes = new Map<string, SeenAttribute>();
  #dropped = 0;

  constructor(options: SamplesOptions) {
    this.#options = options;
  }

  /** The server may be another one: nothing is taken or sent until it has said what it wants. */
  pause(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.isDue = false;
    this.#mode = 'off';
  }

  /** What was taken under other settings is let go. */
  allow({ contextSampling, privateAttributes, salt, maxPerMinute }: Allowed): void {
    this.#spacingMs = 60_000 / Math.min(MAX_PER_MINUTE, Math.max(1, maxPerMinute));
    const allowed = { contextSampling, privateAttributes, salt };
    const isSame = JSON.stringify(allowed) === JSON.stringify(this.#allowed);
    // Some transports say it again and again: what runs goes on.
    if (isSame && this.#mode !== 'off') return;
    if (!isSame) this.#clear();
    this.#allowed = allowed;
    this.pause();
    // A newer server may know other ways.
    this.#mode = contextSampling === 'contexts' || contextSampling === 'attributes' ? contextSampling : 'off';
    this.#private = new PrivateAttributes([...privateAttributes, ...this.#options.privateAttributes]);
    if (this.#mode !== 'off') this.#schedule(0);
  }

  /** Takes a context, and none for a while. Never throws. */
  take(context: EvaluationContext): void {
    this.isDue = false;
    const startMs = performance.now();
    const sample = sampleContext(context, {
      privateAttributes: this.#private,
      hideKey: (key) => hideKey(this.#allowed?.salt ?? '', key),
      ambient: this.#options.ambient,
      isOpaque: (value) => types.isProxy(value) || types.isBoxedPrimitive(value),
    });
    if (sample !== undefined) {
      for (const { path, type } of sample.attributes) this.#see({ path, type, count: 1 });
      if (this.#mode === 'contexts') this.#keep(sample.context, sample.isCut);
    }
    this.#schedule(performance.now() - startMs);
  }

  /** Sends what waits. What cannot be sent now goes on waiting. */
  flush(send: (message: ContextsMessage) => boolean): void {
    if (this.#mode === 'off') return;
    while (this.#attributes.size > 0) {
      const part = [...this.#attributes].slice(0, MAX_MESSAGE_ATTRIBUTES);
      if (!send({ type: 'contexts', attributes: part.map(([, attribute]) => attribute), samples: [] })) return;
      for (const [id] of part) this.#attributes.delete(id);
    }
    while (this.#waiting.size > 0) {
      const part = this.#nextPart();
      const samples = part.map(([, { characters: _, ...sample }]) => sample) as ContextsMessage['samples'];
      if (!send({ type: 'contexts', attributes: [], samples, dropped: this.#dropped })) return;
      this.#dropped = 0;
      for (const [id, { characters }] of part) {
        this.#waiting.delete(id);
        this.#characters -= characters;
      }
    }
  }

  /** Not at even times: what the host does every second would be all that is seen. */
  #schedule(tookMs: number): void {
    const delayMs = Math.max(this.#spacingMs * (0.5 + Math.random()), tookMs / MAX_SHARE);
    this.#timer = setTimeout(() => {
      this.isDue = true;
    }, delayMs);
    this.#timer.unref();
  }

  /** One subject is one sample, the latest. */
  #keep(context: EvaluationContext, isCut: boolean): void {
    const json = JSON.stringify(context);
    const id = context.targetingKey ?? json;
    const known = this.#waiting.get(id);
    const characters = this.#characters + json.length - (known?.characters ?? 0);
    if ((known === undefined && this.#waiting.size >= MAX_SAMPLES) || characters > MAX_CHARACTERS) {
      this.#dropped += 1;
      return;
    }
    this.#characters = characters;
    const seenAtMs = Math.round(this.#options.nowMs());
    this.#waiting.set(id, { context, characters: json.length, seenAtMs, count: (known?.count ?? 0) + 1, isCut });
  }

  #see({ path, type, count }: SeenAttribute): void {
    const id = `${type} ${path}`;
    const known = this.#attributes.get(id);
    if (known === undefined && this.#attributes.size >= MAX_ATTRIBUTES) return;
    this.#attributes.set(id, { path, type, count: count + (known?.count ?? 0) });
  }

  #nextPart(): [string, Waiting][] {
    const part: [string, Waiting][] = [];
    let characters = 0;
    for (const entry of this.#waiting) {
      characters += entry[1].characters;
      if (part.length > 0 && characters > MAX_MESSAGE_CHARACTERS) break;
      part.push(entry);
    }
    return part;
  }

  #clear(): void {
    this.#waiting.clear();
    this.#attributes.clear();
    this.#characters = 0;
    this.#dropped = 0;
  }
}

/** What stands for a targeting key that is private. The server makes the same of the same key, to find it again. */
function hideKey(salt: string, key: string): string {
  if (/^sha256:[\w-]{43}$/.test(key)) return key;
  return `sha256:${createHmac('sha256', salt).update(key).digest('base64url')}`;
}
