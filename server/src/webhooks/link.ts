import type { AuditEventRow } from '../store/tables/audit.ts';

/** Kinds of targets that have a page of their own in a project, and where. */
const PAGES: ReadonlyMap<string, string> = new Map([
  ['flag', 'flags'],
  ['release', 'releases'],
  ['change-request', 'approvals'],
  ['schedule', 'schedules'],
  ['webhook', 'webhooks'],
]);

/** The same of those in an environment. */
const PAGES_OF_ENVIRONMENT: ReadonlyMap<string, string> = new Map([
  ['segment', 'segments'],
  ['safeguard', 'safeguards'],
  ['migration-plan', 'migration-plans'],
  ['traffic-target', 'traffic-targets'],
]);

type Linked = Pick<AuditEventRow, 'id' | 'action' | 'project' | 'environment' | 'target_kind' | 'target_key'>;

/**
 * Where people see what an event is about, in the admin UI: its page, or where there is none the event itself. Undefined
 * while the server does not know its public URL.
 */
export function linkTo(publicUrl: string | undefined, event: Linked): string | undefined {
  if (publicUrl === undefined) return undefined;
  const { id, action, project, environment, target_kind, target_key } = event;
  if (project === null) return `${publicUrl}/`;
  const pages = `${publicUrl}/projects/${encodeURIComponent(project)}`;
  const key = encodeURIComponent(target_key);
  if (action === `${target_kind}.deleted`) return `${pages}/audit/${id}`;
  const page = PAGES.get(target_kind);
  if (page !== undefined) return `${pages}/${page}/${key}`;
  const inEnvironment = PAGES_OF_ENVIRONMENT.get(target_kind);
  if (inEnvironment === undefined || environment === null) return `${pages}/audit/${id}`;
  return `${pages}/environments/${encodeURIComponent(environment)}/${inEnvironment}/${key}`;
}
