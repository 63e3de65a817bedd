import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { FlagPicker } from '../flags/flag-picker.tsx';
import { Button } from '../ui/button.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import type { FormErrors } from '../ui/form-errors.ts';
import { Segmented } from '../ui/segmented.tsx';
import { Labelled } from './labelled.tsx';
import type { SafeguardDraft } from './safeguard-draft.ts';

export interface SafeguardFieldsProps {
  project: string;
  draft: SafeguardDraft;
  errors: FormErrors;
  onChange: (part: Partial<SafeguardDraft>) => void;
}

/** Which flags are watched. */
export function WatchFields({ project, draft, errors, onChange }: SafeguardFieldsProps) {
  return (
    <>
      <Labelled label={t`What it watches`} error={errors['watch.flag'] ?? errors.watch}>
        <Segmented
          label={t`What it watches`}
          value={draft.watchBy}
          options={[
            { value: 'flag', label: t`One flag` },
            { value: 'tag', label: t`A tag` },
            { value: 'measured', label: t`All that is measured` },
          ]}
          onChange={(watchBy) => onChange({ watchBy })}
        />
      </Labelled>
      {draft.watchBy === 'flag' &&
        (draft.flag === '' ? (
          <FlagPicker project={project} verb={t`Watch`} onPick={({ key }) => onChange({ flag: key })} />
        ) : (
          <p className="flex min-w-0 items-center gap-2">
            <code className="truncate text-xs">{draft.flag}</code>
            <Button look="quiet" onClick={() => onChange({ flag: '' })}>
              <Trans>Another flag</Trans>
            </Button>
          </p>
        ))}
      {draft.watchBy === 'tag' && (
        <Field label={t`Tag`} error={errors['watch.tag']}>
          <TextInput value={draft.tag} onChange={(tag) => onChange({ tag })} maxLength={100} />
        </Field>
      )}
    </>
  );
}
