import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Environment, Flag, FlagEnvironment } from '../../api/types.ts';
import { EditList } from '../../flags/edit-list.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { type Draft, mergeDraft, overrule } from './draft.ts';

interface MergeDialogProps {
  flag: Flag;
  environment: Environment;
  state: FlagEnvironment;
  draft: Draft;
  onClose: () => void;
  /** The draft to go on with; undefined: theirs, as it is saved. */
  onChoose: (draft: Draft | undefined) => void;
}

/** Someone else saved while this draft was edited: theirs, mine, or both. Nothing is saved by choosing. */
export function MergeDialog({ flag, environment, state, draft, onClose, onChoose }: MergeDialogProps) {
  const { theirs, mine, both, conflict, clashes } = mergeDraft(draft, state, Date.now());
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={t`${flag.key} in ${environment.name} was changed while you edited it`}
      description={t`Choose what to go on with. Nothing is saved yet.`}
    >
      <div className="flex flex-col gap-4 px-5 pt-4 pb-5">
        <section aria-label={t`Theirs`} className="flex flex-col gap-1.5">
          <h3 className="font-medium text-xs">
            <Trans>They changed</Trans>
          </h3>
          {theirs.length === 0 ? (
            <p className="text-ink-2">
              <Trans>Nothing that stands now: it was changed, and changed back.</Trans>
            </p>
          ) : (
            <EditList flag={flag} base={draft.base} edits={theirs} label={t`Their changes`} />
          )}
        </section>
        <section aria-label={t`Mine`} className="flex flex-col gap-1.5">
          <h3 className="font-medium text-xs">
            <Trans>You changed</Trans>
          </h3>
          <EditList flag={flag} base={draft.base} edits={mine} label={t`Your changes`} />
        </section>
        <p role="status" className="text-ink-2 text-xs">
          {conflict !== undefined
            ? t`Both do not go together: ${conflict}.`
            : clashes.length === 0
              ? t`Both go together.`
              : t`You both changed ${clashes.join(', and ')}: with both, yours is kept there.`}
        </p>
      </div>
      <DialogActions>
        <Button onClick={() => onChoose(undefined)}>
          <Trans>Theirs</Trans>
        </Button>
        <Button onClick={() => onChoose(overrule(draft, state))}>
          <Trans>Mine instead</Trans>
        </Button>
        <Button look="primary" disabled={both === undefined} onClick={() => onChoose(both)}>
          <Trans>Both</Trans>
        </Button>
      </DialogActions>
    </Dialog>
  );
}
