import { t } from '@lingui/core/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, asApiError, fieldErrors } from '../../api/api-error.ts';
import { hasSegment, putSegment } from '../../api/segments.ts';
import type { Environment, Segment } from '../../api/types.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useForm } from '../../ui/use-form.ts';
import { ConditionField } from './condition-field.tsx';
import { checkSegment, draftOf } from './segment-draft.ts';

interface SegmentDialogProps {
  project: string;
  environment: Environment;
  /** The one that is changed; absent: a new one. */
  segment?: Segment;
  onClose: () => void;
  /** Told its key. */
  onSaved: (key: string) => void;
}

/** Makes a segment, or changes what it says besides its keys. Shown for as long as it is rendered. */
export function SegmentDialog({ project, environment, segment, onClose, onSaved }: SegmentDialogProps) {
  const client = useQueryClient();
  // As it was when the dialog opened: what someone else saves meanwhile is refused, not overrun.
  const [seen] = useState(segment);
  const { values, change, errors, busy, onSubmit } = useForm({
    initial: draftOf(seen),
    check: checkSegment,
    submit: async ({ key, body }) => {
      if (!seen && (await hasSegment(project, environment.key, key))) {
        throw new ApiError(409, 'exists', '', [
          { path: 'key', message: t`${key} is there already: open it to change it.` },
        ]);
      }
      await putSegment({ project, environment: environment.key, segment: key }, body, seen?.version);
      await client.invalidateQueries({ queryKey: ['segments', project, environment.key] });
      onSaved(key);
    },
    explain: (error) => fieldErrors(asApiError(error)),
  });
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={segment ? t`Edit ${segment.key}` : t`New segment in ${environment.name}`}
      description={t`Excluded keys are out, else included keys are in, else the condition decides. Keys are added on its page.`}
    >
      <form onSubmit={onSubmit} noValidate aria-label={t`Segment`}>
        <div className="flex flex-col gap-4 px-5 py-4">
          {errors[''] && <Notice title={errors['']} />}
          <div className="grid gap-4 sm:grid-cols-2">
            {!segment && (
              <Field label={t`Key`} hint={t`Rules name it so; it cannot be changed later.`} error={errors.key}>
                <TextInput mono autoFocus value={values.key} onChange={(key) => change({ key })} autoComplete="off" />
              </Field>
            )}
            <Field label={t`Name`} optional error={errors.name}>
              <TextInput value={values.name} onChange={(name) => change({ name })} maxLength={200} />
            </Field>
            <Field
              label={t`Attribute`}
              optional
              hint={t`Its values are the keys; targetingKey unless given.`}
              error={errors.by}
            >
              <TextInput mono value={values.by} placeholder="targetingKey" onChange={(by) => change({ by })} />
            </Field>
          </div>
          <ConditionField
            project={project}
            environment={environment}
            draft={values}
            errors={errors}
            onChange={change}
          />
        </div>
        <ActOrCancel onCancel={onClose} look={environment.production ? 'production' : 'primary'} busy={busy}>
          {segment ? t`Save` : t`Create segment`}
        </ActOrCancel>
      </form>
    </Dialog>
  );
}
