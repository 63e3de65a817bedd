import type { EvaluationContext } from '@bunting/core';
import { ContextSampler } from '../contexts/context-sampler.ts';
import type { ContextReport, ContextSink, ContextSource, SamplingSettings } from '../contexts/sink.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { ContextReports } from './context-reports.ts';

/** Takes what is told of contexts to the environment that it is of. */
export class RelayContexts implements ContextSink {
  readonly #find: (environmentId: string) => ContextReports | undefined;
  readonly #nowMs: () => number;
  readonly #sampler = new ContextSampler();
  readonly #listeners: ((environmentId: string) => void)[] = [];

  constructor(find: (environmentId: string) => ContextReports | undefined, nowMs: () => number) {
    this.#find = find;
    this.#nowMs = nowMs;
  }

  settingsOf({ environmentId }: LiveRuleset): SamplingSettings | undefined {
    return this.#find(environmentId)?.settings;
  }

  onSettings(listener: (environmentId: string) => void): void {
    this.#listeners.push(listener);
  }

  /** The settings of an environment are others than they were. */
  announce(environmentId: string): void {
    for (const listener of this.#listeners) listener(environmentId);
  }

  record({ environmentId }: LiveRuleset, source: ContextSource, report: ContextReport): void {
    this.#find(environmentId)?.record(source, report);
  }

  see(ruleset: LiveRuleset, source: ContextSource, context: EvaluationContext): void {
    const settings = this.settingsOf(ruleset);
    const report = settings && this.#sampler.sample(ruleset, settings, context, this.#nowMs());
    if (report !== undefined) this.record(ruleset, source, report);
  }
}
