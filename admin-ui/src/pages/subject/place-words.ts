/** Where a grant holds, in words. */
export function placeWords({ project, environment }: { project: string | null; environment: string | null }): string {
  if (project === null) return 'the whole installation';
  return environment === null ? `project ${project}` : `${environment} of ${project}`;
}
