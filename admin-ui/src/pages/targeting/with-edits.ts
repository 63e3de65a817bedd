import type { ChangeRequest, SentEdit } from '../../api/types.ts';

type Changes = ChangeRequest['changes'];

/** The changes of a request, with other edits of one flag in one environment. */
export function withEdits(
  changes: Changes,
  { flag, environment }: { readonly flag: string; readonly environment: string },
  edits: SentEdit[],
): Changes {
  const isIt = (change: Changes[number]) =>
    'flag' in change && 'environment' in change && change.flag === flag && change.environment === environment;
  return changes.map((change) => (isIt(change) ? { environment, flag, edits } : change));
}
