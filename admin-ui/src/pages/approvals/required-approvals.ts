import type { ChangeRequest } from '../../api/types.ts';

/** How many approved a request of those who must, by environment: where nobody must, nothing is to be said. */
export function requiredApprovals({ approvals }: Pick<ChangeRequest, 'approvals'>): ChangeRequest['approvals'] {
  return approvals.filter(({ required }) => required > 0);
}
