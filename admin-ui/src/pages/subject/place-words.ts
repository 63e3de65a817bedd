import { t } from '@lingui/core/macro';
/** Where a grant holds, in words. */
export function placeWords({ project, environment }: { project: string | null; environment: string | null }): string {
  if (project === null) return t`the whole installation`;
  return environment === null ? t`project ${project}` : t`${environment} of ${project}`;
}
