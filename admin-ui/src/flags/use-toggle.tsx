import { describeEdit, type TargetingEdit } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { type QueryClient, useMutation, useMutationState, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useCallback, useState } from 'react';
import { asApiError, isUnanswered } from '../api/api-error.ts';
import { projectQuery } from '../api/projects.ts';
import { requestApproval } from '../api/proposals.ts';
import { environmentChangeKey, type Toggle, toggleMutation } from '../api/toggle.ts';
import type { Environment, Flag } from '../api/types.ts';
import { isProtected } from '../environments/protection.tsx';
import { ChangeReceipt } from '../receipts/change-receipt.tsx';
import { toastDone, toastFailed } from '../ui/toast.tsx';
import { ToggleConfirm } from './toggle-confirm.tsx';
import { undoToggle } from './undo-change.ts';

export interface ToggleRequest {
  readonly flag: Flag;
  readonly environment: Environment;
  readonly enabled: boolean;
}

export interface Toggling {
  /**
   * Turns a flag on or off: after asking in production and where a comment is wanted; where others must approve it, it
   * is proposed to them. Stays the same function.
   */
  request: (request: ToggleRequest) => void;
  /** The environments in which a change of the flag is under way, joined by spaces: comparable, so that rows can be skipped. */
  pendingIn: (flag: string) => string;
  /** The question, when there is one; render it once. */
  question: ReactNode;
}

export function useToggle(project: string): Toggling {
  const client = useQueryClient();
  const { mutateAsync } = useMutation(toggleMutation(client, project));
  const proposing = useMutation({ mutationFn: (proposed: Asked) => requestApproval(project, proposalOf(proposed)) });
  const { reset } = proposing;
  const [asked, setAsked] = useState<ToggleRequest>();
  const [asking, setAsking] = useState(false);
  /** How often was asked: each question begins with an empty comment. */
  const [questions, setQuestions] = useState(0);
  const pending = useMutationState({
    filters: { mutationKey: environmentChangeKey, status: 'pending' },
    select: (mutation) => mutation.state.variables as Pick<Toggle, 'flag' | 'environment'> | undefined,
  });

  const ask = useCallback(
    (wanted: ToggleRequest) => {
      reset();
      setQuestions((count) => count + 1);
      setAsked(wanted);
      setAsking(true);
    },
    [reset],
  );
  const run = useCallback(
    async (wanted: ToggleRequest, comment: string) => {
      const { flag, environment, enabled } = wanted;
      const place = { flag: flag.key, environment: environment.name };
      try {
        const saved = await mutateAsync({ flag: flag.key, environment: environment.key, enabled, comment });
        const { revision } = saved;
        const title = stateOf(place, enabled);
        toastDone({
          id: `toggle ${environment.key}`,
          title,
          undo: undoToggle(client, project, { flag: saved.flag, environment, enabled }, title),
          text: <ChangeReceipt project={project} environment={environment.key} revision={revision} />,
        });
      } catch (error) {
        const guarded = demands.has(asApiError(error).code) && (await readAnew(client, project, environment));
        if (guarded) return ask({ ...wanted, environment: guarded });
        toastFailed({
          title: isUnanswered(error) ? notKnown(place, enabled) : stays(place, !enabled),
          error,
        });
      }
    },
    [ask, client, mutateAsync, project],
  );
  const request = useCallback(
    (wanted: ToggleRequest) => {
      const { production, requireComment } = wanted.environment;
      if (production || requireComment || isProtected(wanted.environment)) ask(wanted);
      else void run(wanted, '');
    },
    [ask, run],
  );
  const confirm = (wanted: ToggleRequest, comment: string) => {
    if (!isProtected(wanted.environment)) {
      setAsking(false);
      return void run(wanted, comment);
    }
    proposing.mutate(
      { ...wanted, comment },
      {
        onSuccess: ({ title }) => {
          setAsking(false);
          toastDone({ title: t`Approval is asked for`, text: title });
        },
      },
    );
  };

  return {
    request,
    pendingIn: (flag) =>
      pending
        .filter((toggle) => toggle?.flag === flag)
        .map((toggle) => toggle?.environment)
        .join(' '),
    question: asked && (
      <ToggleConfirm
        key={questions}
        project={project}
        request={asked}
        open={asking}
        busy={proposing.isPending}
        failure={proposing.error ? asApiError(proposing.error) : undefined}
        onClose={() => setAsking(false)}
        onConfirm={(comment) => confirm(asked, comment)}
      />
    ),
  };
}

interface Place {
  readonly flag: string;
  /** Its name for people. */
  readonly environment: string;
}

const stateOf = ({ flag, environment }: Place, on: boolean) =>
  on ? t`${flag} is on in ${environment}` : t`${flag} is off in ${environment}`;

const stays = ({ flag, environment }: Place, on: boolean) =>
  on ? t`${flag} stays on in ${environment}` : t`${flag} stays off in ${environment}`;

const notKnown = ({ flag, environment }: Place, on: boolean) =>
  on
    ? t`It is not known whether ${flag} is on in ${environment}`
    : t`It is not known whether ${flag} is off in ${environment}`;

interface Asked extends ToggleRequest {
  readonly comment: string;
}

/** The server's refusals that say of an environment what the page did not know yet: that it is guarded. */
const demands: ReadonlySet<string> = new Set(['approval_required', 'comment_required']);

async function readAnew(client: QueryClient, project: string, { key }: Environment): Promise<Environment | undefined> {
  try {
    const { environments } = await client.fetchQuery({ ...projectQuery(project), staleTime: 0 });
    return environments.find((environment) => environment.key === key);
  } catch {
    return undefined;
  }
}

function proposalOf({ flag, environment, enabled, comment }: Asked) {
  const edit: TargetingEdit = { kind: enabled ? 'enable' : 'disable' };
  const title = `${flag.key}: ${describeEdit(edit)}`;
  return { flag: flag.key, environment: environment.key, edits: [edit], title, comment };
}
