import { z } from 'zod';
import type { Source } from './config.ts';
import { whole } from './whole.ts';

/** What gates of releases may run, and how long what they measured, and how releases went, is kept. */
export const gateSettings = {
  /** Folder of the programs that gates may run as jobs. Default: none may be run. */
  gateCommandsDir: z.string().min(1, 'give the path of a folder').optional(),
  /** In days; 0: as long as there is room. */
  gateRetentionDays: whole('give days between 0 and 3650', 0, 3_650).default(90),
  /** In days since a release ended; 0: as long as there is room. */
  releaseRetentionDays: whole('give days between 0 and 3650', 0, 3_650).default(365),
};

export const GATE_SOURCES = {
  gateCommandsDir: { variable: 'BUNTING_GATE_COMMANDS' },
  gateRetentionDays: { variable: 'BUNTING_GATE_RETENTION_DAYS' },
  releaseRetentionDays: { variable: 'BUNTING_RELEASE_RETENTION_DAYS' },
} satisfies Readonly<Record<keyof typeof gateSettings, Source>>;
