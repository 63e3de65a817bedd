import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { samplingQuery, setSampling } from '../../api/contexts.ts';
import { useMayForCertain } from '../../api/permissions.ts';
import type { ContextSampling, Environment, Project } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { contextsPath } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { EraseDialog } from './erase-dialog.tsx';

type Mode = ContextSampling['mode'];

const modes = [
  { value: 'off', label: msg`Nothing` },
  { value: 'attributes', label: msg`Attributes` },
  { value: 'contexts', label: msg`Contexts` },
] as const satisfies readonly { readonly value: Mode; readonly label: MessageDescriptor }[];

const words: Record<Mode, MessageDescriptor> = {
  off: msg`Nothing is told of those whom flags are evaluated for.`,
  attributes: msg`Names and types of attributes, never values: for the rule editor.`,
  contexts: msg`Samples of whole contexts, too: a change then shows whom it moves before it is saved.`,
};

/** What SDKs tell of the contexts that they evaluate for, by environment. */
export function SamplingPanel({ project }: { project: Project }) {
  return (
    <Panel title={t`What SDKs tell of contexts`} note={t`Reaches connected SDKs at once.`}>
      <ul aria-label={t`Sampling by environment`}>
        {project.environments.map((environment) => (
          <SamplingRow key={environment.key} project={project.key} environment={environment} />
        ))}
      </ul>
    </Panel>
  );
}

function SamplingRow({ project, environment }: { project: string; environment: Environment }) {
  const { key, name } = environment;
  const may = useMayForCertain(project, key);
  const client = useQueryClient();
  const query = samplingQuery(project, key);
  const sampling = useQuery({ ...query, enabled: may('contexts:read') });
  const [wish, setWish] = useState<Mode>();
  const [isErasing, setErasing] = useState(false);
  const save = useMutation({
    mutationFn: (mode: Mode) => setSampling(project, key, mode),
    onSuccess: (saved) => client.setQueryData(query.queryKey, saved),
    onError: (error) => toastFailed({ title: t`Sampling in ${name} is as it was`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: query.queryKey }),
  });
  if (!may('contexts:read')) return null;
  const choose = (mode: Mode) => {
    save.mutate(mode, { onSuccess: () => toastDone({ title: t`Sampling in ${name} is changed` }) });
  };
  return (
    <li className="border-line border-b last:border-b-0">
      <Loaded from={sampling} what={t`the sampling in ${name}`}>
        {({ mode }) => (
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5">
            <div className="min-w-0 flex-1 basis-60">
              <EnvironmentName environment={environment} />
              <p className="mt-0.5 text-ink-3 text-xs">{t(words[mode])}</p>
              {mode !== 'off' && (
                <Link
                  {...contextsPath(project, { environment: key })}
                  className="rounded-xs text-link text-xs leading-6 hover:underline"
                >
                  <Trans>What was seen in {name}</Trans>
                </Link>
              )}
            </div>
            {may('contexts:write') && (
              <>
                <Segmented
                  label={t`What SDKs tell in ${name}`}
                  value={save.isPending ? save.variables : mode}
                  options={modes}
                  // What was stored so far is deleted: not by a slip.
                  onChange={(next) => (mode === 'contexts' ? setWish(next) : choose(next))}
                />
                <Button look="quiet" aria-label={t`Erase someone in ${name}`} onClick={() => setErasing(true)}>
                  <Trans>Erase someone</Trans>
                </Button>
              </>
            )}
          </div>
        )}
      </Loaded>
      <ConfirmDialog
        open={wish !== undefined}
        onClose={() => setWish(undefined)}
        onConfirm={() => {
          setWish(undefined);
          if (wish) choose(wish);
        }}
        look="danger"
        title={t`Delete the contexts of ${name}?`}
        confirmLabel={t`Stop sampling`}
      >
        <p>
          <Trans>What was sampled so far is deleted. Changes are then previewed with contexts that are made up.</Trans>
        </p>
      </ConfirmDialog>
      {isErasing && <EraseDialog project={project} environment={environment} onClose={() => setErasing(false)} />}
    </li>
  );
}
