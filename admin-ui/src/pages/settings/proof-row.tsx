import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asApiError } from '../../api/api-error.ts';
import { createProofSecret, proofQuery, retireProofSecret, setProof } from '../../api/contexts.ts';
import { useMayForCertain } from '../../api/permissions.ts';
import type { ContextProof, Environment } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { SecretDialog } from './secret-dialog.tsx';

const modes = [
  { value: 'off', label: 'Not asked for' },
  { value: 'required', label: 'Required' },
] as const;

/** What is asked about before it is done. */
type Question = { readonly act: 'require' | 'drop' } | { readonly act: 'retire'; readonly id: string };

const questions: Record<Question['act'], { title: string; text: string; label: string }> = {
  require: {
    title: 'Require a proof?',
    text: 'Pages that are connected and prove nothing are refused at once. Have your servers sign contexts first.',
    label: 'Require a proof',
  },
  drop: {
    title: 'Ask for no proof any more?',
    text: 'Any page that has a client key can then ask as anyone.',
    label: 'Ask for none',
  },
  retire: {
    title: 'Retire the secret?',
    text: 'What it proved is refused from now on. This cannot be undone.',
    label: 'Retire secret',
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
  const onError = (error: unknown) =>
    toastFailed({ title: `The proof in ${name} is as it was`, text: asApiError(error).message });
  const act = useMutation({
    mutationFn: async (asked: Question) => {
      if (asked.act === 'retire') await retireProofSecret(project, key, asked.id);
      else await setProof(project, key, asked.act === 'require' ? 'required' : 'off');
    },
    onSuccess: () => toastDone({ title: `The proof in ${name} is changed` }),
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
      <Loaded from={proof} what={`the proof in ${name}`}>
        {({ mode, secrets }) => (
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <div className="min-w-0 flex-1 basis-40">
              <EnvironmentName environment={environment} />
            </div>
            {may('key:write') ? (
              <>
                <Segmented
                  label={`Proof in ${name}`}
                  value={mode}
                  options={modes}
                  onChange={(next) => next !== mode && ask(next)}
                />
                <Button aria-label={`New secret in ${name}`} busy={create.isPending} onClick={() => create.mutate()}>
                  New secret
                </Button>
              </>
            ) : (
              <span className="text-ink-2 text-xs">{mode === 'required' ? 'Required' : 'Not asked for'}</span>
            )}
            {secrets.length > 0 && (
              <ul aria-label={`Secrets in ${name}`} className="w-full">
                {secrets.map(({ id, createdAt }) => (
                  <li key={id} className="flex items-center gap-3 text-ink-3 text-xs">
                    <code className="min-w-0 flex-1 truncate">{id}</code>
                    <span>
                      made <RelativeTime at={createdAt} />
                    </span>
                    {may('key:write') && (
                      <Button
                        look="quiet"
                        aria-label={`Retire secret ${id}`}
                        onClick={() => setQuestion({ act: 'retire', id })}
                      >
                        Retire
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
        title={question ? questions[question.act].title : ''}
        confirmLabel={question ? questions[question.act].label : ''}
      >
        <p>{question && questions[question.act].text}</p>
      </ConfirmDialog>
      {secret !== undefined && (
        <SecretDialog environment={environment} secret={secret} onClose={() => setSecret(undefined)} />
      )}
    </li>
  );
}
