import { useMutation, useMutationState, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useCallback, useState } from 'react';
import { asApiError, isUnanswered } from '../api/api-error.ts';
import { environmentChangeKey, type Toggle, toggleMutation } from '../api/toggle.ts';
import type { Environment, Flag } from '../api/types.ts';
import { ChangeReceipt } from '../receipts/change-receipt.tsx';
import { toastDone, toastFailed } from '../ui/toast.tsx';
import { ToggleConfirm } from './toggle-confirm.tsx';

export interface ToggleRequest {
  readonly flag: Flag;
  readonly environment: Environment;
  readonly enabled: boolean;
}

export interface Toggling {
  /** Turns a flag on or off; in production only after asking. Stays the same function. */
  request: (request: ToggleRequest) => void;
  /** The environments in which a change of the flag is under way, joined by spaces: comparable, so that rows can be skipped. */
  pendingIn: (flag: string) => string;
  /** The question, when there is one; render it once. */
  question: ReactNode;
}

export function useToggle(project: string): Toggling {
  const client = useQueryClient();
  const { mutateAsync } = useMutation(toggleMutation(client, project));
  const [asked, setAsked] = useState<ToggleRequest>();
  const [asking, setAsking] = useState(false);
  const pending = useMutationState({
    filters: { mutationKey: environmentChangeKey, status: 'pending' },
    select: (mutation) => mutation.state.variables as Pick<Toggle, 'flag' | 'environment'> | undefined,
  });

  const run = useCallback(
    async ({ flag, environment, enabled }: ToggleRequest) => {
      const word = (on: boolean) => (on ? 'on' : 'off');
      try {
        const { revision } = await mutateAsync({ flag: flag.key, environment: environment.key, enabled });
        toastDone({
          id: `toggle ${environment.key}`,
          title: `${flag.key} is ${word(enabled)} in ${environment.name}`,
          text: <ChangeReceipt project={project} environment={environment.key} revision={revision} />,
        });
      } catch (error) {
        toastFailed({
          title: isUnanswered(error)
            ? `It is not known whether ${flag.key} is ${word(enabled)} in ${environment.name}`
            : `${flag.key} stays ${word(!enabled)} in ${environment.name}`,
          text: asApiError(error).message,
        });
      }
    },
    [mutateAsync, project],
  );
  const request = useCallback(
    (wanted: ToggleRequest) => {
      if (!wanted.environment.production) return void run(wanted);
      setAsked(wanted);
      setAsking(true);
    },
    [run],
  );

  return {
    request,
    pendingIn: (flag) =>
      pending
        .filter((toggle) => toggle?.flag === flag)
        .map((toggle) => toggle?.environment)
        .join(' '),
    question: asked && (
      <ToggleConfirm
        project={project}
        request={asked}
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          void run(asked);
        }}
      />
    ),
  };
}
