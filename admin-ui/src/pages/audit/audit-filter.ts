import { msg, t } from '@lingui/core/macro';
import type { AuditFilter } from '../../api/audit.ts';
import type { AuditSearch } from '../../searches.ts';

/** What the page's address asks of the server. Days are those of the reader, `until` is the last one. */
export function filterOf(project: string, search: AuditSearch): AuditFilter {
  const { environment, kind, target, actor, action, change, from, until, everywhere } = search;
  return {
    ...(!everywhere && { project, ...(environment && { environment }) }),
    ...(kind && { targetKind: kind }),
    ...(target && { target }),
    ...(actor && { actor }),
    ...(action && { action }),
    ...(change && { change }),
    ...(from && { from: startOf(from, 0) }),
    ...(until && { until: startOf(until, 1) }),
    ...(search.search && { search: search.search }),
  };
}

/** When a day begins by the reader's clock, or one that many days later. */
function startOf(day: string, daysLater: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + daysLater).toISOString();
}

/** Nothing narrows the log but the search and whose it is. */
export const everything: AuditSearch = {
  ...{ environment: undefined, kind: undefined, target: undefined, actor: undefined, action: undefined },
  ...{ change: undefined, from: undefined, until: undefined },
};

/** What narrows it that no field shows: each in words, and what takes it away. @param nameOf of an actor, where it is known */
export function narrowings(
  { target, actor, action, change }: AuditSearch,
  nameOf: (actor: string) => string,
): { readonly name: string; readonly without: AuditSearch }[] {
  const found: { name: string; without: AuditSearch }[] = [];
  if (target) found.push({ name: t`Target: ${target}`, without: { target: undefined } });
  if (actor) found.push({ name: t`By: ${nameOf(actor)}`, without: { actor: undefined } });
  if (action) found.push({ name: t`Action: ${action}`, without: { action: undefined } });
  if (change) found.push({ name: t`Done in one step`, without: { change: undefined } });
  return found;
}

/** Everything that narrows it, named, as paper tells it. @param nameOf of an actor, where it is known */
export function filterWords(search: AuditSearch, nameOf: (actor: string) => string): [name: string, value: string][] {
  const { environment, kind, target, actor, action, change, from, until, search: text } = search;
  const words: [string, string | undefined][] = [
    [t`Environment`, environment],
    [t`Kind of target`, kind],
    [t`Target`, target],
    [t`By`, actor && nameOf(actor)],
    [t`Action`, action],
    [t`Done in the step`, change],
    [t`From day`, from],
    [t`Until day`, until],
    [t`With the text`, text],
  ];
  return words.flatMap(([name, value]) => (value ? [[name, value] as [string, string]] : []));
}

/** Kinds of what is changed, as the server calls them, in words. */
export const targetKinds = [
  { value: 'flag', label: msg`Flags` },
  { value: 'segment', label: msg`Segments` },
  { value: 'environment', label: msg`Environments` },
  { value: 'project', label: msg`Projects` },
  { value: 'key', label: msg`SDK keys` },
  { value: 'change-request', label: msg`Change requests` },
  { value: 'schedule', label: msg`Schedules` },
  { value: 'release', label: msg`Releases` },
  { value: 'safeguard', label: msg`Safeguards` },
  { value: 'binding', label: msg`Bindings` },
  { value: 'signal-source', label: msg`Sources of signals` },
  { value: 'webhook', label: msg`Webhooks` },
  { value: 'user', label: msg`People` },
  { value: 'group', label: msg`Groups` },
  { value: 'service-account', label: msg`Service accounts` },
  { value: 'token', label: msg`Tokens` },
  { value: 'role', label: msg`Roles` },
  { value: 'grant', label: msg`Grants` },
] as const;
