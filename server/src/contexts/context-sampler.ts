import { type EvaluationContext, PrivateAttributes, sampleContext } from '@bunting/core';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { ContextReport, SamplingSettings } from './sink.ts';
import { hideKey } from './subject.ts';

/** Of each environment, one context in so many milliseconds is sampled. */
const SPACING_MS = 50;

/** Samples the contexts that a server evaluates for: those of pages, and of who asks over HTTP. */
export class ContextSampler {
  readonly #dueMs = new WeakMap<LiveRuleset, number>();

  /** Undefined when it is not this context's turn, or there is nothing to tell. */
  sample(
    ruleset: LiveRuleset,
    { contextSampling, privateAttributes, salt }: SamplingSettings,
    context: EvaluationContext,
    seenAtMs: number,
  ): ContextReport | undefined {
    if (contextSampling === 'off') return undefined;
    const nowMs = performance.now();
    if (nowMs < (this.#dueMs.get(ruleset) ?? 0)) return undefined;
    this.#dueMs.set(ruleset, nowMs + SPACING_MS);
    const sample = sampleContext(context, {
      privateAttributes: new PrivateAttributes(privateAttributes),
      hideKey: (key) => hideKey(salt, key),
    });
    if (sample === undefined) return undefined;
    const { attributes, context: copy, isCut } = sample;
    const samples = contextSampling === 'contexts' ? [{ context: copy, seenAtMs, count: 1, isCut }] : [];
    return { attributes: attributes.map((attribute) => ({ ...attribute, count: 1 })), samples };
  }
}
