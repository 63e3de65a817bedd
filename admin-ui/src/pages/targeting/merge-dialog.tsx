import type { Environment, Flag, FlagEnvironment } from '../../api/types.ts';
import { EditList } from '../../flags/edit-list.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { type Draft, mergeDraft, overrule } from './draft.ts';

interface MergeDialogProps {
  open: boolean;
  flag: Flag;
  environment: Environment;
  state: FlagEnvironment;
  draft: Draft;
  onClose: () => void;
  /** The draft to go on with; undefined: theirs, as it is saved. */
  onChoose: (draft: Draft | undefined) => void;
}

/** Someone else saved while this draft was edited: theirs, mine, or both. Nothing is saved by choosing. */
export function MergeDialog({ open, flag, environment, state, draft, onClose, onChoose }: MergeDialogProps) {
  const { theirs, mine, both, conflict, clashes } = mergeDraft(draft, state, Date.now());
  return (
    <Dialog
      open={open}
      onClose={onClose}
      width="wide"
      title={`${flag.key} in ${environment.name} was changed while you edited it`}
      description="Choose what to go on with. Nothing is saved yet."
    >
      <div className="flex flex-col gap-4 px-5 pt-4 pb-5">
        <section aria-label="Theirs" className="flex flex-col gap-1.5">
          <h3 className="font-medium text-xs">They changed</h3>
          {theirs.length === 0 ? (
            <p className="text-ink-2">Nothing that stands now: it was changed, and changed back.</p>
          ) : (
            <EditList flag={flag} base={draft.base} edits={theirs} label="Their changes" />
          )}
        </section>
        <section aria-label="Mine" className="flex flex-col gap-1.5">
          <h3 className="font-medium text-xs">You changed</h3>
          <EditList flag={flag} base={draft.base} edits={mine} label="Your changes" />
        </section>
        <p role="status" className="text-ink-2 text-xs">
          {conflict !== undefined
            ? `Both do not go together: ${conflict}.`
            : clashes.length === 0
              ? 'Both go together.'
              : `You both changed ${clashes.join(', and ')}: with both, yours is kept there.`}
        </p>
      </div>
      <DialogActions>
        <Button onClick={() => onChoose(undefined)}>Theirs</Button>
        <Button onClick={() => onChoose(overrule(draft, state))}>Mine instead</Button>
        <Button look="primary" disabled={both === undefined} onClick={() => onChoose(both)}>
          Both
        </Button>
      </DialogActions>
    </Dialog>
  );
}
