import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { encodeFrame, type Frame } from '../stream/frame.ts';
import type { ContextSink, SamplingSettings } from './sink.ts';

/** What the instances of one server sample in a minute together, or so: 200 a second cost it little. */
const BUDGET_PER_MINUTE = 12_000;
/** Of one instance: 4 a second. */
const MAX_PER_MINUTE = 240;

/** How many contexts each of so many instances may sample in a minute. A power of 2 or the most, so that few differ. */
export function maxPerMinute(instances: number): number {
  const share = BUDGET_PER_MINUTE / Math.max(1, instances);
  return Math.min(MAX_PER_MINUTE, 2 ** Math.max(0, Math.floor(Math.log2(share))));
}

/** Messages of settings, each made once for all sockets that are told the same. */
export class SettingsFrames {
  readonly #sink: Pick<ContextSink, 'settingsOf'>;
  readonly #frames = new WeakMap<SamplingSettings, Map<number, Frame>>();

  constructor(sink: Pick<ContextSink, 'settingsOf'>) {
    this.#sink = sink;
  }

  /** Undefined while nobody knows the settings: who is told nothing sends nothing. */
  frameOf(ruleset: LiveRuleset, instances: number): Frame | undefined {
    const settings = this.#sink.settingsOf(ruleset);
    if (settings === undefined) return undefined;
    const frames = this.#frames.get(settings) ?? new Map<number, Frame>();
    this.#frames.set(settings, frames);
    const rate = maxPerMinute(instances);
    const frame = frames.get(rate) ?? encodeFrame({ type: 'settings', ...settings, maxPerMinute: rate });
    frames.set(rate, frame);
    return frame;
  }
}
