import type { Source } from './config.ts';
import { whole } from './whole.ts';

/** How long it is kept what sources of signals sent. */
export const signalSettings = {
  /** In days; 0: the latest 2000 of each source, however old. */
  signalRetentionDays: whole('give days between 0 and 3650', 0, 3_650).default(30),
};

export const SIGNAL_SOURCES = {
  signalRetentionDays: { variable: 'BUNTING_SIGNAL_RETENTION_DAYS' },
} satisfies Readonly<Record<keyof typeof signalSettings, Source>>;
