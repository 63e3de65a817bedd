import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { deleteReleaseTemplate, releaseTemplatesQuery } from '../../api/release-templates.ts';
import type { ReleaseTemplate } from '../../api/types.ts';
import { newReleasePath } from '../../paths.ts';
import { strategyNames } from '../../releases/strategy.ts';
import { Badge } from '../../ui/badge.tsx';
import { IconButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { toastDone, toastFailed } from '../../ui/toast.tsx';
import { StageBars } from './stage-bars.tsx';
import { takeWhen } from './template-words.ts';

interface TemplateGalleryProps {
  project: string;
  templates: readonly ReleaseTemplate[];
  /** Of one's own, they may be deleted. */
  mayDelete: boolean;
}

/** All ways to release, each with what it does and when to take it: the project's own first. */
export function TemplateGallery({ project, templates, mayDelete }: TemplateGalleryProps) {
  const client = useQueryClient();
  const [asked, setAsked] = useState<ReleaseTemplate>();
  const { mutate } = useMutation({
    mutationFn: ({ key }: ReleaseTemplate) => deleteReleaseTemplate(project, key),
    onSuccess: (_, { name }) => toastDone({ title: t`The template ${name} is deleted` }),
    onError: (error, { name }) => toastFailed({ title: t`The template ${name} is not deleted`, error }),
    onSettled: () => client.invalidateQueries({ queryKey: releaseTemplatesQuery(project).queryKey }),
  });
  const own = templates.filter(({ isBuiltIn }) => !isBuiltIn);
  const builtIn = templates.filter(({ isBuiltIn }) => isBuiltIn);
  const groups = [
    { name: t`Of this project`, items: own },
    { name: t`Of the server`, items: builtIn },
  ].filter(({ items }) => items.length > 0);
  return (
    <div className="flex flex-col gap-5">
      {groups.map(({ name, items }) => (
        <section key={name} aria-label={name} className="flex flex-col gap-2">
          <h2 className={groups.length === 1 ? 'sr-only' : 'font-semibold text-ink-2 text-xs'}>{name}</h2>
          <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
            {items.map((template) => (
              <TemplateCard
                key={template.key}
                {...{ project, template }}
                onDelete={mayDelete && !template.isBuiltIn ? () => setAsked(template) : undefined}
              />
            ))}
          </ul>
        </section>
      ))}
      {asked && (
        <ConfirmDialog
          open
          look="danger"
          title={t`Delete the template ${asked.name}`}
          confirmLabel={t`Delete template`}
          onClose={() => setAsked(undefined)}
          onConfirm={() => {
            setAsked(undefined);
            mutate(asked);
          }}
        >
          <p>
            <Trans>Nobody can begin with it any more. Releases that were made of it stay as they are.</Trans>
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}

interface TemplateCardProps {
  project: string;
  template: ReleaseTemplate;
  /** Undefined: it cannot be deleted. */
  onDelete: (() => void) | undefined;
}

function TemplateCard({ project, template, onDelete }: TemplateCardProps) {
  const { key, name, description, strategy, stages } = template;
  return (
    <li className="relative flex min-w-0 flex-col gap-2 rounded-md border border-line bg-surface p-4 focus-within:border-link hover:bg-hover">
      <div className="flex items-start gap-2">
        <h3 className="min-w-0 flex-1 break-words font-semibold">
          <Link {...newReleasePath(project, { template: key })} className="after:absolute after:inset-0">
            {name}
          </Link>
        </h3>
        <Badge look="muted">{t(strategyNames[strategy])}</Badge>
        {onDelete && (
          <IconButton label={t`Delete the template ${name}`} onClick={onDelete} className="relative -my-1.5 -me-2">
            <Trash2 aria-hidden />
          </IconButton>
        )}
      </div>
      <StageBars stages={stages} />
      <p className="break-words text-ink-2 text-xs">{description}</p>
      <p className="mt-auto break-words text-ink-3 text-xs">
        <Trans>Take it when {takeWhen(template)}</Trans>
      </p>
    </li>
  );
}
