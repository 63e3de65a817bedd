import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createProofSecret, proofQuery, retireProofSecret, setProof } from '../../api/contexts.ts';
import { useMayForCertain } from '../../api/permissions.ts';
import type { ContextProof, Environment } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { SecretDialog } from '../../ui/secret-dialog.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';

const modes = [
  { value: 'off', label: msg`Not asked for` },
  { value: 'required', label: msg`Required` },
] as const;

/** What is asked about before it is done. */
type Question = { readonly act: 'require' | 'drop' } | { readonly act: 'retire'; readonly id: string };

const questions: Record<
  Question['act'],
  { title: MessageDescriptor; text: MessageDescriptor; label: MessageDescriptor }
> = {
  require: {
    title: msg`Require a proof?`,
    text: msg`Pages that are connected and prove nothing are refused at once. Have your servers sign contexts first.`,
    label: msg`Require a proof`,
  },
  drop: {
    title: msg`Ask for no proof any more?`,
    text: msg`Any page that has a client key can then ask as anyone.`,
    label: msg`Ask for none`,
  },
  retire: {
    title: msg`Retire the secret?`,
    text: msg`What it proved is refused from now on. This cannot be undone.`,
    label: msg`Retire secret`,
  },
};

export function ProofRow({ project, environment }: { project: string; environment: Environment }) {
  const { key, name } = environment;
  const may = useMayForCertain(project, key);
  const client = useQueryClient();
  const query = proofQuery(project, key);
  const proof = useQuery({ ...query, enabled: may('key:read') });
  const [question, setQuestion] = useState<Question>();
  const [secret, setSecret] = useState<string>();
  const refresh = () => client.invalidateQueries({ queryKey: query.queryKey });
  const onError = (error: unknown) => toastFailed({ title: t`The proof in ${name} is as it was`, error });
  const act = useMutation({
    mutationFn: async (asked: Question) => {
      if (asked.act === 'retire') await retireProofSecret(project, key, asked.id);
      else await setProof(project, key, asked.act === 'require' ? 'required' : 'off');
    },
    onSuccess: () => toastDone({ title: t`The proof in ${name} is changed` }),
    onError,
    onSettled: refresh,
  });
  const create = useMutation({
    mutationFn: () => createProofSecret(project, key),
    onSuccess: (made) => setSecret(made.secret),
    onError,
    onSettled: refresh,
  });
  if (!may('key:read')) return null;
  const ask = (mode: ContextProof['mode']) => setQuestion({ act: mode === 'required' ? 'require' : 'drop' });
  return (
    <li className="border-line border-b px-4 py-2.5 last:border-b-0">
      <Loaded from={proof} what={t`the proof in ${name}`}>
        {({ mode, secrets }) => (
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <div className="min-w-0 flex-1 basis-40">
              <EnvironmentName environment={environment} />
            </div>
            {may('key:write') ? (
              <>
                <Segmented
                  label={t`Proof in ${name}`}
                  value={mode}
                  options={modes}
                  onChange={(next) => next !== mode && ask(next)}
                />
                <Button aria-label={t`New secret in ${name}`} busy={create.isPending} onClick={() => create.mutate()}>
                  <Trans>New secret</Trans>
                </Button>
              </>
            ) : (
              <span className="text-ink-2 text-xs">{mode === 'required' ? t`Required` : t`Not asked for`}</span>
            )}
            {secrets.length > 0 && (
              <ul aria-label={t`Secrets in ${name}`} className="w-full">
                {secrets.map(({ id, createdAt }) => (
                  <li key={id} className="flex items-center gap-3 text-ink-3 text-xs">
                    <code className="min-w-0 flex-1 truncate">{id}</code>
                    <span>
                      <Trans>
                        made <RelativeTime at={createdAt} />
                      </Trans>
                    </span>
                    {may('key:write') && (
                      <Button
                        look="quiet"
                        aria-label={t`Retire secret ${id}`}
                        onClick={() => setQuestion({ act: 'retire', id })}
                      >
                        <Trans>Retire</Trans>
                      </Button>
                    )}
                  </li>
                ))}
              </ul>
            )}
          </div>
        )}
      </Loaded>
      <ConfirmDialog
        open={question !== undefined}
        onClose={() => setQuestion(undefined)}
        onConfirm={() => {
          setQuestion(undefined);
          if (question) act.mutate(question);
        }}
        look={environment.production ? 'production' : 'danger'}
        title={question ? t(questions[question.act].title) : ''}
        confirmLabel={question ? t(questions[question.act].label) : ''}
      >
        <p>{question && t(questions[question.act].text)}</p>
      </ConfirmDialog>
      <SecretDialog
        title={t`Secret for contexts in ${environment.name}`}
        secret={secret}
        use={t`For servers alone: who has it can prove any context.`}
        onClose={() => setSecret(undefined)}
      />
    </li>
  );
}
