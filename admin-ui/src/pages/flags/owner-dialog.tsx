import { plural, t } from '@lingui/core/macro';
import { type FormEvent, useState } from 'react';
import { editFlag } from '../../api/flags.ts';
import type { Flag } from '../../api/types.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { SuggestInput } from '../../ui/suggest-input.tsx';
import { FlagNames, Share } from './flag-names.tsx';
import type { BulkAct } from './use-bulk.tsx';

interface OwnerDialogProps {
  project: string;
  flags: readonly Flag[];
  onClose: () => void;
  onAct: (act: BulkAct) => void;
}

/** Gives all chosen flags an owner, or none. Shown for as long as it is rendered. */
export function OwnerDialog({ project, flags, onClose, onAct }: OwnerDialogProps) {
  const present = [...new Set(flags.flatMap(({ owner }) => owner ?? []))].sort();
  const [text, setText] = useState('');
  const owner = text.trim() === '' ? null : text.trim();
  const changing = flags.filter((flag) => flag.owner !== owner);
  const isLong = text.trim().length > 200;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isLong || changing.length === 0) return;
    onAct({
      what: owner === null ? t`without an owner` : t`owned by ${owner}`,
      act: async (flag) => (flag.owner === owner ? flag : editFlag(project, flag.key, [{ kind: 'setOwner', owner }])),
      back: (before, after) => editFlag(project, after.key, [{ kind: 'setOwner', owner: before.owner }], after.version),
    });
  };
  return (
    <Dialog open onClose={onClose} title={t`Owner of ${plural(flags.length, { one: '# flag', other: '# flags' })}`}>
      <form onSubmit={submit} noValidate aria-label={t`Owner`}>
        <div className="flex flex-col gap-3 px-5 py-4">
          <Field
            label={t`Owner`}
            hint={t`A person or a team, in words. Empty: nobody.`}
            error={isLong ? t`Use at most 200 characters.` : undefined}
          >
            <SuggestInput
              label={t`Owner`}
              value={text}
              onChange={setText}
              suggestions={present.map((value) => ({ value }))}
            />
          </Field>
          <Share
            changing={changing.length}
            of={flags.length}
            others={owner === null ? t`have no owner` : t`have it already`}
          />
          {changing.length > 0 && <FlagNames flags={changing} />}
        </div>
        <ActOrCancel onCancel={onClose} disabled={isLong || changing.length === 0}>
          {owner === null ? t`Take the owner away` : t`Set the owner`}
        </ActOrCancel>
      </form>
    </Dialog>
  );
}
