import type { TargetingEdit } from '@bunting/core';
import { useState } from 'react';
import type { Environment, Flag } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { EditList } from '../../flags/edit-list.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { Notice } from '../../ui/notice.tsx';
import type { Draft } from './draft.ts';
import { useSaveTargeting } from './use-save-targeting.tsx';

interface ReviewDialogProps {
  project: string;
  flag: Flag;
  environment: Environment;
  draft: Draft;
  edits: readonly TargetingEdit[];
  onChange: (draft: Draft) => void;
  onClose: () => void;
  onSaved: () => void;
  /** Someone else saved meanwhile. */
  onBehind: () => void;
  /** The server refused parts of the draft: its reasons by their places. */
  onRefused: (errors: FormErrors) => void;
}

/** What the draft changes, whom it moves, and why: the last look before it is saved. */
export function ReviewDialog({ project, flag, environment, draft, edits, ...told }: ReviewDialogProps) {
  const { save, isPending } = useSaveTargeting(project, flag, environment);
  const [error, setError] = useState<string>();
  const [silent, setSilent] = useState(false);
  const onSave = async () => {
    if (environment.requireComment && draft.comment.trim() === '') return setSilent(true);
    const outcome = await save(draft);
    if (outcome.kind === 'saved') return told.onSaved();
    if (outcome.kind === 'behind') return told.onBehind();
    const { '': whole, ...places } = outcome.errors;
    setError(
      whole ??
        Object.entries(places)
          .map(([place, message]) => `${place} ${message}`)
          .join('; '),
    );
    told.onRefused(places);
  };
  return (
    <Dialog
      open
      onClose={told.onClose}
      width="wide"
      title={`Review the changes of ${flag.key}`}
      description={
        <span className="flex items-center gap-1.5">
          in <EnvironmentName environment={environment} />
        </span>
      }
    >
      {environment.production && <div className="hazard-edge mt-3 h-1.5" aria-hidden />}
      <div className="flex flex-col gap-4 px-5 pt-4 pb-5">
        <EditList flag={flag} base={draft.base} edits={edits} label="Changes" />
        <Field
          label="Comment"
          optional={!environment.requireComment}
          hint="Kept in the audit trail."
          error={silent ? `Say why: ${environment.name} wants a comment with each change.` : undefined}
        >
          <TextInput
            value={draft.comment}
            maxLength={1000}
            onChange={(next) => {
              told.onChange({ ...draft, comment: next });
              setSilent(false);
            }}
          />
        </Field>
        {error && <Notice title="It was not saved">{error}</Notice>}
      </div>
      <DialogActions>
        <Button onClick={told.onClose}>Go on editing</Button>
        <Button look={environment.production ? 'production' : 'primary'} busy={isPending} onClick={() => void onSave()}>
          Save in {environment.name}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
