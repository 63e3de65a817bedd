import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { flagQuery } from '../api/flags.ts';
import type { Environment, Flag, Project } from '../api/types.ts';
import { EnvironmentSelect } from '../environments/environment-select.tsx';
import { FlagPicker } from '../flags/flag-picker.tsx';
import { ActOrCancel } from '../ui/act-or-cancel.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { LoadingNote } from '../ui/skeleton.tsx';
import { TryAgain } from '../ui/try-again.tsx';
import { useKill } from './use-kill.tsx';

interface KillDialogProps {
  project: Project;
  /** Key of the flag whose page is shown; undefined: it is to be found first. */
  flag: string | undefined;
  onClose: () => void;
}

/** Kills a flag from anywhere: which one, where, why. Shown for as long as it is rendered. */
export function KillDialog({ project, flag, onClose }: KillDialogProps) {
  const [key, setKey] = useState(flag);
  const found = useQuery({ ...flagQuery(project.key, key ?? ''), enabled: key !== undefined });
  const [first] = project.environments.toSorted((a, b) => Number(b.production) - Number(a.production));
  const [chosen, setChosen] = useState(first?.key);
  // Typed once: it stays when someone sees that it is another environment, or another flag.
  const [reason, setReason] = useState('');
  const environment = project.environments.find((one) => one.key === chosen);
  if (!environment) return null;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t`Kill a flag`}
      description={t`Its safe variant is served to everyone, at once.`}
    >
      <div className="flex flex-col gap-4 px-5 pt-3 pb-4">
        <div className="overflow-x-auto">
          <EnvironmentSelect environments={project.environments} value={environment.key} onChange={setChosen} />
        </div>
        {key === undefined && <FlagPicker project={project.key} verb={t`Choose`} onPick={(one) => setKey(one.key)} />}
        {key !== undefined && (
          <p className="flex items-center gap-2">
            <span className="min-w-0 flex-1 truncate font-medium font-mono">{key}</span>
            <Button look="quiet" onClick={() => setKey(undefined)}>
              <Trans>Another flag</Trans>
            </Button>
          </p>
        )}
        {key !== undefined && found.isLoading && <LoadingNote what={t`the flag`} />}
        {found.isLoadingError && (
          <TryAgain title={t`The flag cannot be read`} error={found.error} onRetry={() => void found.refetch()} />
        )}
      </div>
      {key !== undefined && found.data && (
        <KillForm
          key={environment.key}
          project={project.key}
          flag={found.data}
          environment={environment}
          reason={reason}
          onReason={setReason}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

interface KillFormProps {
  project: string;
  flag: Flag;
  environment: Environment;
  reason: string;
  onReason: (reason: string) => void;
  onClose: () => void;
}

function KillForm({ project, flag, environment, reason, onReason, onClose }: KillFormProps) {
  const [error, setError] = useState<string>();
  const { run } = useKill(project, flag, environment);
  const state = flag.environments[environment.key];
  if (!state) return null;
  if (state.killed) {
    return (
      <p role="status" className="px-5 pb-5 text-ink-2">
        <Trans>
          It is killed in {environment.name} already, by {state.killed.by.name}: {state.killed.reason}
        </Trans>
      </p>
    );
  }
  return (
    <form
      aria-label={t`Kill ${flag.key}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() === '') return setError(t`Say why, for those who see it later.`);
        run(true, reason.trim());
        onClose();
      }}
    >
      <div className="flex flex-col gap-3 px-5 pb-4">
        <p className="text-ink-2">
          <Trans>
            Everyone in {environment.name} gets{' '}
            <span className="font-mono text-ink text-xs">{state.safeVariant ?? state.offVariant}</span> at once,
            whatever its targeting says, until someone re-arms it.
          </Trans>
        </p>
        <Field label={t`Reason`} error={error}>
          <TextInput autoFocus value={reason} onChange={onReason} maxLength={500} />
        </Field>
      </div>
      <ActOrCancel onCancel={onClose} look="danger">
        <Trans>Kill in {environment.name}</Trans>
      </ActOrCancel>
    </form>
  );
}
