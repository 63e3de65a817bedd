import { describeEdit } from '@bunting/core';
import { plural, t } from '@lingui/core/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { asApiError, fieldErrors, isUnanswered } from '../../api/api-error.ts';
import { changeRequestQuery, updateRequest } from '../../api/change-requests.ts';
import { requestApproval, scheduleEdits } from '../../api/proposals.ts';
import { saveTargetingMutation } from '../../api/targeting.ts';
import type { Environment, Flag, SentEdit } from '../../api/types.ts';
import { ChangeReceipt } from '../../receipts/change-receipt.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { toastDone } from '../../ui/toast.tsx';
import { type AmendedRequest, type Draft, editsOf } from './draft.ts';
import { undoSave } from './undo-save.ts';
import { withEdits } from './with-edits.ts';

/** What is to become of a draft: made now, proposed to those who must approve it, said in a proposal, or made at a time (RFC 3339). */
export type Intent =
  | { readonly kind: 'save' }
  | { readonly kind: 'amend'; readonly request: AmendedRequest }
  | { readonly kind: 'request' }
  | { readonly kind: 'schedule'; readonly at: string };

/** How that went: done; someone else was quicker; or refused, with the reasons by their places. */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'behind' }
  | { readonly kind: 'refused'; readonly errors: FormErrors };

interface ProposalOf {
  readonly draft: Draft;
  readonly intent: Exclude<Intent, { readonly kind: 'save' }>;
}

/** Saves, proposes or schedules a draft, and says how that went. */
export function useSaveTargeting(project: string, flag: Flag, environment: Environment) {
  const client = useQueryClient();
  const saving = useMutation(saveTargetingMutation(client, project));
  const place = { flag: flag.key, environment: environment.key };
  const proposing = useMutation({
    mutationFn: async ({ draft, intent }: ProposalOf): Promise<{ readonly title: string }> => {
      if (intent.kind === 'amend') {
        const { changes } = await client.fetchQuery({
          ...changeRequestQuery(project, intent.request.id),
          staleTime: 0,
        });
        return updateRequest(project, intent.request, {
          changes: withEdits(changes, place, editsOf(draft) as SentEdit[]),
        });
      }
      const proposal = { ...place, edits: editsOf(draft), title: titleOf(draft, flag), comment: draft.comment.trim() };
      if (intent.kind === 'request') return requestApproval(project, proposal);
      return scheduleEdits(project, proposal, intent.at);
    },
  });

  const act = async (draft: Draft, intent: Intent): Promise<void> => {
    if (intent.kind !== 'save') {
      const { title } = await proposing.mutateAsync({ draft, intent });
      void client.invalidateQueries({ queryKey: ['change-requests', project] });
      return toastDone({ title: didWords(intent), text: title });
    }
    const edits = editsOf(draft);
    const change = { ...place, version: draft.version, edits, comment: draft.comment.trim() };
    const { revision, flag: saved } = await saving.mutateAsync(change);
    const title = t`${flag.key} in ${environment.name}: ${plural(edits.length, { one: '# change', other: '# changes' })} saved`;
    toastDone({
      title,
      undo: undoSave(client, { ...place, project, before: draft.base, saved, done: title }),
      text: <ChangeReceipt project={project} environment={environment.key} revision={revision} />,
    });
  };
  const run = async (draft: Draft, intent: Intent): Promise<Outcome> => {
    try {
      await act(draft, intent);
      return { kind: 'done' };
    } catch (thrown) {
      const error = asApiError(thrown);
      if (error.code === 'version_mismatch') return intent.kind === 'amend' ? changedMeanwhile() : { kind: 'behind' };
      const unsure = isUnanswered(error) && t`It is not known whether it was done.`;
      return { kind: 'refused', errors: unsure ? { '': `${unsure} ${error.message}` } : fieldErrors(error) };
    }
  };
  return { run, isPending: saving.isPending || proposing.isPending };
}

/** Characters, of the server. */
const MAX_TITLE = 200;

/** What the draft does, in one line: its first change, and how many there are besides. */
function titleOf(draft: Draft, { key }: Flag): string {
  const [first, ...others] = editsOf(draft);
  const sentence = first ? describeEdit(first, draft.base) : t`Change nothing`;
  const titled = (words: string) =>
    others.length === 0
      ? `${key}: ${words}`
      : `${key}: ${t`${words} and ${plural(others.length, { one: '# more change', other: '# more changes' })}`}`;
  const over = titled(sentence).length - MAX_TITLE;
  return titled(over > 0 ? `${sentence.slice(0, sentence.length - over - 1)}…` : sentence);
}

function didWords(intent: ProposalOf['intent']): string {
  if (intent.kind === 'amend') return t`The change request is changed`;
  return intent.kind === 'request' ? t`Approval is asked for` : t`It is scheduled for ${toMinute(intent.at)} UTC`;
}

function changedMeanwhile(): Outcome {
  const why = t`Someone else has changed the change request meanwhile. Discard this, and begin again from its page.`;
  return { kind: 'refused', errors: { '': why } };
}

function toMinute(at: string): string {
  return at.slice(0, 16).replace('T', ' ');
}
