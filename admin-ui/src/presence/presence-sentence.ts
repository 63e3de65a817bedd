import { plural, t } from '@lingui/core/macro';
import type { Present, Whereabouts } from '../api/presence.ts';
import { manners } from '../locales/locale.ts';

/** Names that are told before the rest is counted. */
const told = 2;

/**
 * Who else is here, those who edit first; the second clause is about the others. Undefined: nobody.
 *
 * @param nameOf an environment's name for people
 */
export function presenceSentence(
  others: readonly Present[],
  what: Whereabouts['kind'],
  nameOf: (environment: string) => string,
): string | undefined {
  const editors = others.filter(({ editing }) => editing);
  const readers = others.filter(({ editing }) => !editing);
  const clauses = [
    ...(editors.length > 0 ? [editing(editors, what, nameOf)] : []),
    ...(readers.length > 0 ? [looking(readers, what, editors.length > 0)] : []),
  ];
  return clauses.length === 0 ? undefined : clauses.join('; ');
}

function editing(
  editors: readonly Present[],
  what: Whereabouts['kind'],
  nameOf: (environment: string) => string,
): string {
  const who = subjectOf(editors);
  const count = editors.length;
  const [place, ...elsewhere] = new Set(editors.map(({ environment }) => environment));
  const where = place && elsewhere.length === 0 ? nameOf(place) : undefined;
  if (what === 'release')
    return plural(count, { one: `${who} is editing this release`, other: `${who} are editing this release` });
  return where === undefined
    ? plural(count, { one: `${who} is editing this flag`, other: `${who} are editing this flag` })
    : plural(count, {
        one: `${who} is editing this flag in ${where}`,
        other: `${who} are editing this flag in ${where}`,
      });
}

function looking(readers: readonly Present[], what: Whereabouts['kind'], isNamed: boolean): string {
  const who = subjectOf(readers);
  const count = readers.length;
  if (isNamed) return plural(count, { one: `${who} is looking at it`, other: `${who} are looking at it` });
  return what === 'release'
    ? plural(count, { one: `${who} is looking at this release`, other: `${who} are looking at this release` })
    : plural(count, { one: `${who} is looking at this flag`, other: `${who} are looking at this flag` });
}

/** "Ada and Ben", "Ada, Ben and 3 others", "2 others". */
function subjectOf(people: readonly Present[]): string {
  const names = people.flatMap(({ name }) => name ?? []).slice(0, told);
  const rest = people.length - names.length;
  if (names.length === 0) return plural(rest, { one: '# other', other: '# others' });
  if (rest > 0) return t`${names.join(', ')} and ${plural(rest, { one: '# other', other: '# others' })}`;
  return new Intl.ListFormat(manners()).format(names);
}
