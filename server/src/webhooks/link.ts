import type { AuditEventRow } from '../store/tables/audit.ts';

/** Where people see what an event is about, in the admin UI; undefined while the server does not know its public URL. */
export function linkTo(
  publicUrl: string | undefined,
  { project, target_kind, target_key }: Pick<AuditEventRow, 'project' | 'target_kind' | 'target_key'>,
): string | undefined {
  if (publicUrl === undefined) return undefined;
  if (project === null) return `${publicUrl}/`;
  const pages = `${publicUrl}/projects/${encodeURIComponent(project)}`;
  const key = encodeURIComponent(target_key);
  if (target_kind === 'release') return `${pages}/releases/${key}`;
  return target_kind === 'flag' ? `${pages}/flags/${key}` : `${pages}/flags`;
}
