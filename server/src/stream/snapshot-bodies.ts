import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import { encodeItem, type Item, type Revision } from '@bunting/core';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';

/** What of a snapshot depends on its revision alone: the lines of its items, each after a line end. */
export interface SnapshotBody {
  readonly revision: Revision;
  readonly committedAtMs: number;
  /** Text, or a gzip member of it. */
  readonly bytes: Buffer;
  readonly isPacked: boolean;
  /** By `performance.now()`. */
  readonly madeAtMs: number;
}

/** Text below this size is not worth packing, and made on the spot. In characters. */
const SMALL = 16 * 1024;

/** Text is made in pieces of this size, a fraction of a millisecond each, between which others get their turn. */
const PIECE = 64 * 1024;

/**
 * For 10 000 flags of five rules, level 3 takes no longer than level 1 for 6 to 13 % less; level 6 takes three to seven
 * times as long for another 3 to 16 %.
 */
const GZIP_LEVEL = 3;

/** While changes go on, who connects starts from a body of this age at most, and gets what came since behind it. */
const REUSE_MS = 5_000;

/** A body that nobody asked for this long is forgotten. */
const FORGET_MS = 60_000;

type Form = 'plain' | 'packed';

export interface SnapshotBodiesOptions {
  /** Called when a body is ready that somebody asked for. */
  readonly onReady: () => void;
  /** Hears why one could not be made. */
  readonly report: (error: unknown) => void;
}

/**
 * The bodies of one environment's snapshots. Each is made once, packed off the main thread, and shared by all who need
 * it; those who ask while it is being made come again when it is ready.
 */
export class SnapshotBodies {
  readonly #ruleset: LiveRuleset;
  readonly #options: SnapshotBodiesOptions;
  readonly #ready = new Map<Form, SnapshotBody>();
  readonly #making = new Set<Form>();
  #size: { readonly revision: Revision; readonly isSmall: boolean } | undefined;
  #askedAtMs = 0;

  constructor(ruleset: LiveRuleset, options: SnapshotBodiesOptions) {
    this.#ruleset = ruleset;
    this.#options = options;
  }

  /** @returns undefined while it is being made; `onReady` says when to ask again */
  get(canUnpack: boolean): SnapshotBody | undefined {
    this.#askedAtMs = performance.now();
    const isSmall = this.#isSmall();
    const form = canUnpack && !isSmall ? 'packed' : 'plain';
    const known = this.#ready.get(form);
    if (known?.revision === this.#ruleset.revision) return known;
    const { revision, committedAtMs } = this.#ruleset;
    if (isSmall) {
      const bytes = Buffer.from(this.#ruleset.items().map(lineOf).join(''));
      return this.#keep(form, { revision, committedAtMs, bytes });
    }
    if (known !== undefined && this.#isUsable(known)) return known;
    if (!this.#making.has(form)) void this.#make(form, { revision, committedAtMs });
    return undefined;
  }

  /** Forgets what nobody asks for any more. To be called now and then. */
  sweep(): void {
    if (performance.now() - this.#askedAtMs > FORGET_MS) this.#ready.clear();
  }

  async #make(form: Form, header: Pick<SnapshotBody, 'revision' | 'committedAtMs'>): Promise<void> {
    this.#making.add(form);
    try {
      // The list stays what it is while the ruleset goes on.
      const text = textOf(this.#ruleset.items());
      const bytes = form === 'plain' ? await buffer(text) : await pack(text);
      this.#keep(form, { ...header, bytes });
      this.#making.delete(form);
    } catch (error) {
      // Whoever waits asks again with the next change, or comes back.
      this.#making.delete(form);
      this.#options.report(error);
      return;
    }
    this.#options.onReady();
  }

  #keep(form: Form, made: Pick<SnapshotBody, 'revision' | 'committedAtMs' | 'bytes'>): SnapshotBody {
    const body = { ...made, isPacked: form === 'packed', madeAtMs: performance.now() };
    this.#ready.set(form, body);
    return body;
  }

  #isUsable({ revision, madeAtMs }: SnapshotBody): boolean {
    return performance.now() - madeAtMs < REUSE_MS && this.#ruleset.differenceSince(revision) !== undefined;
  }

  #isSmall(): boolean {
    const { revision } = this.#ruleset;
    if (this.#size?.revision !== revision) {
      let chars = 0;
      for (const { key, json } of this.#ruleset.items()) chars += key.length + json.length;
      this.#size = { revision, isSmall: chars < SMALL };
    }
    return this.#size.isSmall;
  }
}

function lineOf(item: Item): string {
  return `\n${encodeItem(item)}`;
}

async function* textOf(items: readonly Item[]): AsyncGenerator<Buffer> {
  let lines = '';
  for (const item of items) {
    lines += lineOf(item);
    if (lines.length < PIECE) continue;
    yield Buffer.from(lines);
    lines = '';
    await setImmediate();
  }
  yield Buffer.from(lines);
}

function pack(text: AsyncIterable<Buffer>): Promise<Buffer> {
  return pipeline(text, createGzip({ level: GZIP_LEVEL }), (packed) => buffer(packed));
}
