import { analyse, type Finding, type Targeting } from '@bunting/core';
import type { Flag } from '../../api/types.ts';
import { documentOf } from '../../flags/flag-document.ts';
import type { FormErrors } from '../../ui/form-errors.ts';

/** What only whoever knows the whole ruleset can say: the server does when the draft is saved. */
const aboutOthers = new Set<Finding['code']>(['unknown-reference', 'attribute-used-once']);

/**
 * What is wrong or doubtful about a draft, by the same analysis as the server's, and what the server refused it for.
 * @param refused the server's words by their places; those without a place are shown elsewhere
 */
export function findingsOf(flag: Flag, mine: Targeting, refused: FormErrors = {}): Finding[] {
  const revision = { incarnation: 'draft', number: 0, hash: '' };
  const own = analyse({ revision, flags: [documentOf(flag, mine)] }).filter(({ code }) => !aboutOthers.has(code));
  const known = new Set(own.map(({ path, severity }) => `${severity} ${path}`));
  const told = Object.entries(refused).flatMap(([path, message]): Finding[] => {
    if (path === '' || known.has(`error ${path}`)) return [];
    return [{ code: 'malformed', severity: 'error', kind: 'flag', key: flag.key, path, message }];
  });
  return [...own, ...told];
}
