import { plural, t } from '@lingui/core/macro';
import type { Present } from '../api/presence.ts';
import { manners } from '../locales/locale.ts';

/** Names that are told before the rest is counted. */
const told = 2;

/** Who else is here, in one sentence: those who edit first. Undefined: nobody. @param nameOf an environment's name for people */
export function presenceSentence(
  others: readonly Present[],
  what: string,
  nameOf: (environment: string) => string,
): string | undefined {
  const editors = others.filter(({ editing }) => editing);
  const readers = others.filter(({ editing }) => !editing);
  if (editors.length === 0)
    return readers.length === 0 ? undefined : t`${subjectOf(readers)} ${verb(readers)} looking at this ${what}`;
  const [place, ...elsewhere] = new Set(editors.map(({ environment }) => environment));
  const where = place && elsewhere.length === 0 ? t` in ${nameOf(place)}` : '';
  const besides = readers.length === 0 ? '' : t`; ${subjectOf(readers)} ${verb(readers)} looking at it`;
  return t`${subjectOf(editors)} ${verb(editors)} editing this ${what}${where}${besides}`;
}

/** "Ada and Ben", "Ada, Ben and 3 others", "2 others". */
function subjectOf(people: readonly Present[]): string {
  const names = people.flatMap(({ name }) => name ?? []).slice(0, told);
  const rest = people.length - names.length;
  if (names.length === 0) return plural(rest, { one: '# other', other: '# others' });
  if (rest > 0) return t`${names.join(', ')} and ${plural(rest, { one: '# other', other: '# others' })}`;
  return new Intl.ListFormat(manners()).format(names);
}

function verb(people: readonly Present[]): string {
  return plural(people.length, { one: 'is', other: 'are' });
}
