import type { Json } from '@bunting/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { refreshFlags, updateCachedFlag } from '../../api/flag-cache.ts';
import { editFlag } from '../../api/flags.ts';
import { flagChangeKey } from '../../api/toggle.ts';
import type { Flag } from '../../api/types.ts';
import { checkValue } from '../../flags/check-value.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { JsonEditor } from '../../ui/json-editor.tsx';
import { Notice } from '../../ui/notice.tsx';
import { toastDone } from '../../ui/toast.tsx';

interface ValueDialogProps {
  project: string;
  flag: Flag;
  variant: Flag['variants'][number];
  onClose: () => void;
}

/** Changes what a variant is, everywhere at once; checked by the flag's schema as it is typed. */
export function ValueDialog({ project, flag, variant, onClose }: ValueDialogProps) {
  const client = useQueryClient();
  const [initial] = useState(() => JSON.stringify(variant.value, undefined, 2));
  const [text, setText] = useState(initial);
  const problem = checkValue(text, flag);
  const { mutate, isPending, error } = useMutation({
    mutationKey: [...flagChangeKey, 'value'],
    mutationFn: (value: Json) =>
      editFlag(project, flag.key, [{ kind: 'setVariantValue', variant: variant.name, value }]),
    onSuccess: (saved) => {
      updateCachedFlag(client, project, saved.key, () => saved);
      toastDone({ title: `${variant.name} of ${flag.key} has another value` });
      onClose();
    },
    onSettled: () => {
      void refreshFlags(client, project);
    },
  });
  const refused = error ? Object.values(fieldErrors(asApiError(error))).join('; ') : undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={`Value of ${variant.name}`}
      description="In every environment, for all who get this variant, at once."
    >
      <div className="flex flex-col gap-3 px-5 pt-4 pb-5">
        <JsonEditor label={`Value of ${variant.name} as JSON`} initial={initial} onChange={setText} />
        {problem !== undefined && (
          <p role="status" className="break-words text-danger-ink text-xs">
            {problem}
          </p>
        )}
        {refused && <Notice title="It was not changed">{refused}</Notice>}
      </div>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look="primary"
          disabled={problem !== undefined || text === initial}
          busy={isPending}
          onClick={() => mutate(JSON.parse(text) as Json)}
        >
          Change the value
        </Button>
      </DialogActions>
    </Dialog>
  );
}
