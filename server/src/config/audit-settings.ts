import { z } from 'zod';
import type { Source } from './config.ts';
import { whole } from './whole.ts';

/** How audit events are anchored, and how long the past is kept. */
export const auditSettings = {
  /** How often what was added to the audit chains is signed, in milliseconds; 0: never. */
  auditCheckpointMs: whole('give milliseconds between 1000 and 86400000, or 0 for never', 0, 86_400_000)
    .refine((ms) => ms === 0 || ms >= 1000, 'give milliseconds between 1000 and 86400000, or 0 for never')
    .default(300_000),
  /** A file that gets a line for each signed checkpoint: best where the server may append only. */
  auditCheckpointFile: z.string().min(1, 'give the path of a file').optional(),
  /** Where checkpoints are posted. */
  auditCheckpointUrl: z
    .url({ protocol: /^https?$/, error: 'give an http or https URL such as https://audit.example.com/bunting' })
    .optional(),
  /** What the posts are signed with, by the scheme of Standard Webhooks. */
  auditCheckpointSecret: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, 'give whsec_ and 24 to 64 bytes of base64')
    .optional(),
  /** How long it is kept from where (address, program) an audit event came, in days; 0: for ever. */
  auditOriginRetentionDays: whole('give days between 0 and 36500', 0, 36_500).default(365),
  /** How long it is kept what environments served at each revision, in days; 0: for ever. */
  historyRetentionDays: whole('give days between 0 and 36500', 0, 36_500).default(365),
};

export const AUDIT_SOURCES = {
  auditCheckpointMs: { variable: 'BUNTING_AUDIT_CHECKPOINT_MS' },
  auditCheckpointFile: { variable: 'BUNTING_AUDIT_CHECKPOINT_FILE' },
  auditCheckpointUrl: { variable: 'BUNTING_AUDIT_CHECKPOINT_URL' },
  auditCheckpointSecret: { variable: 'BUNTING_AUDIT_CHECKPOINT_SECRET' },
  auditOriginRetentionDays: { variable: 'BUNTING_AUDIT_ORIGIN_RETENTION_DAYS' },
  historyRetentionDays: { variable: 'BUNTING_HISTORY_RETENTION_DAYS' },
} satisfies Readonly<Record<keyof typeof auditSettings, Source>>;
