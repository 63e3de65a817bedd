import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { OctagonX, Play } from 'lucide-react';
import { useState } from 'react';
import { isUnanswered } from '../../api/api-error.ts';
import { lineMutation } from '../../api/line.ts';
import { useMay } from '../../api/permissions.ts';
import type { Environment, LineAnswer, LineStop, Project } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';

/** Whether anything may expose more people by itself, in the whole project and in each environment; stops it, and lets it go on. */
export function LinePanel({ project }: { project: Project }) {
  return (
    <Panel
      title={t`The line`}
      note={t`While it is stopped nothing grows by itself: no ramp, release or scheduled change.`}
    >
      <ul aria-label={t`The line`}>
        <LineRow project={project} stopped={project.lineStopped} />
        {project.environments.map((environment) => (
          <LineRow
            key={environment.key}
            project={project}
            environment={environment}
            stopped={environment.lineStopped}
          />
        ))}
      </ul>
    </Panel>
  );
}

interface LineRowProps {
  project: Project;
  /** Without it: the whole project. */
  environment?: Environment;
  stopped: LineStop | undefined;
}

function LineRow({ project, environment, stopped }: LineRowProps) {
  const may = useMay(project.key, environment?.key);
  // What was asked stays what is done, though others may stop the line while the question stands.
  const [asked, setAsked] = useState<'stop' | 'resume'>();
  const name = environment?.name ?? t`the whole project`;
  // Said by the mutation itself: also when whoever pressed has left the page by then.
  const { mutate, isPending } = useMutation({
    ...lineMutation(useQueryClient(), project.key),
    onSuccess: (answer, { stop }) =>
      toastDone({
        title: stop ? t`The line is stopped in ${name}` : t`The line goes on in ${name}`,
        text: describe(answer),
      }),
    onError: (error, { stop }) => {
      const [unknown, refused] = stop
        ? [t`It is not known whether the line was stopped in ${name}`, t`The line is not stopped in ${name}`]
        : [t`It is not known whether the line was resumed in ${name}`, t`The line is still stopped in ${name}`];
      toastFailed({ title: isUnanswered(error) ? unknown : refused, error });
    },
  });
  return (
    <li className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-2 last:border-b-0">
      <span className="flex min-w-0 basis-40">
        {environment ? (
          <EnvironmentName environment={environment} />
        ) : (
          <span className="font-medium">
            <Trans>Whole project</Trans>
          </span>
        )}
      </span>
      <p className="min-w-0 flex-1 basis-56 break-words text-ink-2 text-xs">
        {stopped ? (
          <Trans>
            <strong className="font-medium text-danger-ink">Stopped</strong> <RelativeTime at={stopped.since} /> by{' '}
            {stopped.by.name}: {stopped.reason}
          </Trans>
        ) : environment && project.lineStopped ? (
          t`Stopped with the whole project.`
        ) : (
          t`Moving.`
        )}
      </p>
      {may(stopped ? 'kill:rearm' : 'kill:engage') && (
        <Button
          look={environment ? 'quiet' : 'secondary'}
          aria-label={stopped ? t`Resume the line in ${name}` : t`Stop the line in ${name}`}
          busy={isPending}
          onClick={() => setAsked(stopped ? 'resume' : 'stop')}
        >
          {stopped ? <Play aria-hidden /> : <OctagonX aria-hidden />}
          {stopped ? t`Resume` : t`Stop`}
        </Button>
      )}
      {asked && (
        <ReasonDialog
          look={asked === 'resume' ? (environment?.production === false ? 'primary' : 'production') : 'danger'}
          title={asked === 'resume' ? t`Resume the line in ${name}?` : t`Stop the line in ${name}?`}
          confirmLabel={asked === 'resume' ? t`Let it go on` : t`Stop the line`}
          onClose={() => setAsked(undefined)}
          onConfirm={(reason) => {
            setAsked(undefined);
            mutate({ stop: asked === 'stop', environment: environment?.key, reason });
          }}
        >
          <p>
            {asked === 'resume'
              ? t`Ramps go on from where they are, later by as long as they were held, and so do releases.`
              : t`Nobody is moved: who has something keeps it. Ramps and releases stand still, none can be started, and scheduled changes wait.`}
          </p>
        </ReasonDialog>
      )}
    </li>
  );
}

/** What stopping or resuming led to. */
function describe({ flags, stillHeld }: LineAnswer): string | undefined {
  const parts = [
    ...(flags.length > 0
      ? [t`It concerns the ramps of ${plural(flags.length, { one: '# flag', other: '# flags' })}.`]
      : []),
    ...stillHeld.map(({ flag, environment, reason }) => t`${flag} in ${environment} is still held: ${reason}`),
  ];
  return parts.length === 0 ? undefined : parts.join(' ');
}
