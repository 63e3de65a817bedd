import type { Present } from '../api/presence.ts';
import { formatCount } from '../ui/format.ts';

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
    return readers.length === 0 ? undefined : `${subjectOf(readers)} ${verb(readers)} looking at this ${what}`;
  const [place, ...elsewhere] = new Set(editors.map(({ environment }) => environment));
  const where = place && elsewhere.length === 0 ? ` in ${nameOf(place)}` : '';
  const besides = readers.length === 0 ? '' : `; ${subjectOf(readers)} ${verb(readers)} looking at it`;
  return `${subjectOf(editors)} ${verb(editors)} editing this ${what}${where}${besides}`;
}

/** "Ada and Ben", "Ada, Ben and 3 others", "2 others". */
function subjectOf(people: readonly Present[]): string {
  const names = people.flatMap(({ name }) => name ?? []).slice(0, told);
  const rest = people.length - names.length;
  if (names.length === 0) return formatCount(rest, 'other');
  if (rest > 0) return `${names.join(', ')} and ${formatCount(rest, 'other')}`;
  return names.join(' and ');
}

function verb(people: readonly Present[]): string {
  return people.length === 1 ? 'is' : 'are';
}
