import type { ContextsMessage, EvaluationContext, SettingsMessage } from '@bunting/core';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';

/** Who evaluated for a context: someone with a server key, or a page, which can make up any. */
export type ContextSource = 'server' | 'page';

/** What may be sampled in an environment. */
export type SamplingSettings = Omit<SettingsMessage, 'type' | 'maxPerMinute'>;

/** What an SDK tells of contexts. */
export type ContextReport = Pick<ContextsMessage, 'attributes' | 'samples' | 'dropped'>;

/** Says what may be sampled, and takes what is. */
export interface ContextSink {
  /** Undefined: nobody knows, so nothing. */
  settingsOf(ruleset: LiveRuleset): SamplingSettings | undefined;
  /** Calls `listener` with an environment's id when its settings are others than they were. */
  onSettings(listener: (environmentId: string) => void): void;
  record(ruleset: LiveRuleset, source: ContextSource, report: ContextReport): void;
  /** Flags were evaluated for this context here. Most are not even looked at. */
  see(ruleset: LiveRuleset, source: ContextSource, context: EvaluationContext): void;
}
