import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { type ApiError, isUnanswered } from '../api/api-error.ts';
import { describeProtection, isProtected } from '../environments/protection.tsx';
import { useReceipts } from '../receipts/use-receipts.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { describeEnvironment } from './describe-serve.ts';
import type { ToggleRequest } from './use-toggle.tsx';

interface ToggleConfirmProps {
  project: string;
  request: ToggleRequest;
  open: boolean;
  /** It is being proposed. */
  busy: boolean;
  /** Why it could not be proposed. */
  failure: ApiError | undefined;
  onClose: () => void;
  /** @param comment why; empty: nothing was said */
  onConfirm: (comment: string) => void;
}

/**
 * Says what a toggle will do, and to how many, before it does it; asks why, where the environment wants that, and in a
 * protected environment proposes it to those who must approve it.
 */
export function ToggleConfirm({ project, request, open, busy, failure, onClose, onConfirm }: ToggleConfirmProps) {
  const { flag, environment, enabled } = request;
  const instances = useReceipts(project, environment.key).receipts?.instances;
  const [comment, setComment] = useState('');
  const [error, setError] = useState<string>();
  const state = flag.environments[environment.key];
  const proposes = isProtected(environment);
  const confirm = () => {
    if (environment.requireComment && comment.trim() === '')
      return setError(t`Say why: ${environment.name} wants a comment with each change.`);
    onConfirm(comment.trim());
  };
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      onConfirm={confirm}
      busy={busy}
      look={environment.production ? 'production' : 'primary'}
      title={enabled ? t`Turn on ${flag.key} in ${environment.name}?` : t`Turn off ${flag.key} in ${environment.name}?`}
      confirmLabel={
        proposes
          ? t`Request approval`
          : enabled
            ? t`Turn on in ${environment.name}`
            : t`Turn off in ${environment.name}`
      }
    >
      {state && (
        <p>
          <Trans>
            It serves <Code>{describeEnvironment(flag, { ...state, enabled })}</Code> from then on, instead of{' '}
            <Code>{describeEnvironment(flag, { ...state, enabled: !enabled })}</Code>.
          </Trans>
        </p>
      )}
      {proposes && <p>{describeProtection(environment)}</p>}
      {!proposes && instances !== undefined && (
        <p>
          {instances === 0
            ? t`No instance is connected at the moment; the next one to connect gets it.`
            : plural(instances, {
                one: '# connected instance gets it at once.',
                other: '# connected instances get it at once.',
              })}
        </p>
      )}
      {(proposes || environment.requireComment) && (
        <Field
          label={t`Comment`}
          optional={!environment.requireComment}
          hint={proposes ? t`Those who approve it read it.` : t`Kept in the audit trail.`}
          error={error}
        >
          <TextInput
            value={comment}
            maxLength={1000}
            onChange={(next) => {
              setComment(next);
              setError(undefined);
            }}
          />
        </Field>
      )}
      {failure && (
        <Notice title={isUnanswered(failure) ? t`It is not known whether it was asked for` : t`It was not asked for`}>
          {failure.message}
        </Notice>
      )}
    </ConfirmDialog>
  );
}

function Code({ children }: { children: string }) {
  return <code className="break-words rounded-xs bg-sunken px-1 py-0.5 font-mono text-ink text-xs">{children}</code>;
}
