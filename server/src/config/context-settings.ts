import type { Source } from './config.ts';
import { whole } from './whole.ts';

/** How much is kept of sampled contexts, where an environment has them sampled. */
export const contextSettings = {
  /** Of an environment. */
  contextSamples: whole('give a number between 100 and 100000', 100, 100_000).default(10_000),
  /** After a context was seen last. */
  contextRetentionHours: whole('give hours between 1 and 8760', 1, 8_760).default(24),
};

export const CONTEXT_SOURCES = {
  contextSamples: { variable: 'BUNTING_CONTEXT_SAMPLES' },
  contextRetentionHours: { variable: 'BUNTING_CONTEXT_RETENTION_HOURS' },
} satisfies Readonly<Record<keyof typeof contextSettings, Source>>;
