import { t } from '@lingui/core/macro';

/** Targets that are told by name; of the others how many there are. */
const shown = 5;

/** `ann, ben and 3 more` */
export function firstOf(values: readonly string[]): string {
  const named = values.slice(0, shown).join(', ');
  return values.length > shown ? t`${named} and ${values.length - shown} more` : named;
}
