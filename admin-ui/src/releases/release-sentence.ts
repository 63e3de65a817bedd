import { t } from '@lingui/core/macro';
import type { MigrationPhase } from '../api/types.ts';
import { formatSentence } from '../ui/format.ts';
import { migrationPhases } from './migration-phases.ts';

/** Phases that are written otherwise than they are called; not as part of a name, which stands in quotes. */
const written = /(?<!["\w-])(?:dual_write|shadow_read|read_new|read_only_new|stop_old_write)(?!["\w-])/g;

/** What the server says of a release, as pages write it: `dual_write` is "dual write". */
export function releaseSentence(text: string): string {
  return formatSentence(text).replace(written, (phase) => t(migrationPhases[phase as MigrationPhase].name));
}
