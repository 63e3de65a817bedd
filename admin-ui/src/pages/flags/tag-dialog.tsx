import { msg, plural, t } from '@lingui/core/macro';
import { type FormEvent, useState } from 'react';
import { editFlag } from '../../api/flags.ts';
import type { Flag } from '../../api/types.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { FlagNames, Share } from './flag-names.tsx';
import type { BulkAct } from './use-bulk.tsx';

interface TagDialogProps {
  project: string;
  open: boolean;
  onClose: () => void;
  flags: readonly Flag[];
  onAct: (act: BulkAct) => void;
}

/** Gives all chosen flags a tag, or takes one away from them. */
export function TagDialog({ open, onClose, flags, ...rest }: TagDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t`Tags of ${plural(flags.length, { one: '# flag', other: '# flags' })}`}
    >
      <TagForm {...rest} flags={flags} onClose={onClose} />
    </Dialog>
  );
}

const ways = [
  { value: 'addTag', label: msg`Add` },
  { value: 'removeTag', label: msg`Remove` },
] as const;

function TagForm({ project, onClose, flags, onAct }: Omit<TagDialogProps, 'open'>) {
  const present = [...new Set(flags.flatMap(({ tags }) => tags))].sort();
  const [way, setWay] = useState<'addTag' | 'removeTag'>('addTag');
  const [added, setAdded] = useState('');
  const [removed, setRemoved] = useState(present[0] ?? '');
  const [error, setError] = useState<string>();
  const tag = way === 'addTag' ? added.trim() : removed;
  const changing = flags.filter(({ tags }) => tags.includes(tag) !== (way === 'addTag'));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (tag === '') setError(t`Enter the tag.`);
    else if (tag.length > 50) setError(t`Use at most 50 characters.`);
    // One that has it already, or lacks it already, is as it should be.
    else
      onAct({
        what: way === 'addTag' ? t`tagged ${tag}` : t`no longer tagged ${tag}`,
        act: async (flag) =>
          flag.tags.includes(tag) === (way === 'addTag') ? flag : editFlag(project, flag.key, [{ kind: way, tag }]),
        // It names what it means, so it takes back nothing else that someone did to the flag meanwhile.
        back: (_before, after) =>
          editFlag(project, after.key, [{ kind: way === 'addTag' ? 'removeTag' : 'addTag', tag }]),
      });
  };
  return (
    <form onSubmit={submit} noValidate aria-label={t`Tags`}>
      <div className="flex flex-col gap-4 px-5 py-4">
        {present.length > 0 && (
          <div>
            <Segmented label={t`Add or remove`} value={way} options={ways} onChange={setWay} />
          </div>
        )}
        {way === 'addTag' ? (
          <Field label={t`Tag`} error={error}>
            <TextInput autoFocus autoComplete="off" value={added} onChange={setAdded} />
          </Field>
        ) : (
          <Field label={t`Tag`}>
            <Select
              value={removed}
              options={present.map((tag) => ({ value: tag, label: tag }))}
              onChange={setRemoved}
            />
          </Field>
        )}
        {tag !== '' && (
          <>
            <Share
              changing={changing.length}
              of={flags.length}
              others={way === 'addTag' ? t`have it already` : t`do not have it`}
            />
            {changing.length > 0 && <FlagNames flags={changing} />}
          </>
        )}
      </div>
      <ActOrCancel onCancel={onClose}>{way === 'addTag' ? t`Add tag` : t`Remove tag`}</ActOrCancel>
    </form>
  );
}
