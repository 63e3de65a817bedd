import { msg, plural, t } from '@lingui/core/macro';
import { useState } from 'react';
import { sayFailure } from '../../api/api-error.ts';
import { changeKeys, type KeyList, type SegmentPlace } from '../../api/segments.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { wordOf } from '../../ui/code-words.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextArea } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { readKeys } from './read-keys.ts';

const acts = [
  { value: 'add', label: msg`Add` },
  { value: 'remove', label: msg`Remove` },
] as const;

interface AddKeysDialogProps {
  place: SegmentPlace;
  list: KeyList;
  onClose: () => void;
  onChanged: () => void;
}

/** Adds keys to a list, or takes some out, a key a line. Shown for as long as it is rendered. */
export function AddKeysDialog({ place, list, onClose, onChanged }: AddKeysDialogProps) {
  const [act, setAct] = useState<'add' | 'remove'>('add');
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const read = readKeys(text);
  const save = async () => {
    if (!read.ok) return setError(read.error);
    setBusy(true);
    try {
      const { added, removed } = await changeKeys(place, list, { [act]: read.keys });
      toastDone({
        title: `${plural(added + removed, { one: '# key', other: '# keys' })} ${act === 'add' ? 'added' : 'removed'}`,
        text: added + removed < read.keys.length ? t`The others were so already.` : undefined,
      });
      onChanged();
      onClose();
    } catch (reason) {
      setError(sayFailure(reason));
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={onClose} title={t`Keys that are ${wordOf(list)}`}>
      <div className="flex flex-col items-start gap-3 px-5 py-4">
        {error !== undefined && <Notice title={error} />}
        <Segmented label={t`What to do`} value={act} options={acts} onChange={setAct} />
        <div className="w-full">
          <Field
            label={t`Keys`}
            hint={read.ok ? plural(read.keys.length, { one: '# key', other: '# keys' }) : t`A key a line.`}
          >
            <TextArea
              mono
              rows={8}
              value={text}
              onChange={(next) => {
                setText(next);
                setError(undefined);
              }}
            />
          </Field>
        </div>
      </div>
      <ActOrCancel onCancel={onClose} busy={isBusy} onAct={() => void save()}>
        {act === 'add' ? t`Add keys` : t`Remove keys`}
      </ActOrCancel>
    </Dialog>
  );
}
