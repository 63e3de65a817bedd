import { applyEdits, type TargetingEdit } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { flagQuery } from '../../api/flags.ts';
import { useMay } from '../../api/permissions.ts';
import type { ChangePreview, ChangeRequest, Project } from '../../api/types.ts';
import { EditList } from '../../flags/edit-list.tsx';
import { ImpactPanel } from '../../impact/impact-panel.tsx';
import { flagPath, segmentPath } from '../../paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { wordOf } from '../../ui/code-words.ts';
import { Panel } from '../../ui/panel.tsx';
import { EnvironmentOf } from '../approvals/approvals-page.tsx';
import { targetingOf } from '../targeting/draft.ts';
import { EditTargeting } from './edit-targeting.tsx';

interface ChangeBlockProps {
  project: Project;
  /** What the server says that it would do now. */
  change: ChangePreview['changes'][number];
  /** What was proposed. */
  proposed: ChangeRequest['changes'][number] | undefined;
  request: ChangeRequest;
}

/** What a proposed change would make different in one place, and whom that would move. */
export function ChangeBlock({ project, change, proposed, request }: ChangeBlockProps) {
  const { environment, kind, key, sentences, findings } = change;
  const edits = editsOf(proposed);
  const link = 'min-w-0 break-all rounded-xs font-mono leading-6 hover:underline';
  return (
    <Panel
      title={kind === 'flag' ? t`Change of flag ${key}` : t`Change of segment ${key}`}
      actions={environment && <EnvironmentOf project={project} environment={environment} />}
    >
      <div className="flex flex-col gap-3 px-4 py-3">
        <p className="text-xs">
          {kind === 'flag' || environment === null ? (
            <Link {...flagPath(project.key, key)} className={link}>
              {key}
            </Link>
          ) : (
            <Link {...segmentPath(project.key, environment, key)} className={link}>
              {key}
            </Link>
          )}
          {environment === null && (
            <span className="ms-1 text-ink-3">
              <Trans>everywhere</Trans>
            </span>
          )}
        </p>
        {kind === 'flag' && environment !== null && edits ? (
          <TargetingChange {...{ project, request, environment, flag: key, edits, sentences }} />
        ) : (
          <Sentences sentences={sentences} />
        )}
        {findings.length > 0 && (
          <ul aria-label={t`Findings about ${key}`} className="flex flex-col gap-1 text-xs">
            {findings.map(({ severity, path, message }) => (
              <li key={`${path} ${message}`} className="flex items-baseline gap-2">
                <span className="shrink-0">
                  <Badge look={severity === 'error' ? 'danger' : 'muted'}>{wordOf(severity)}</Badge>
                </span>
                <span className="min-w-0 break-words">
                  {path !== '' && <code className="text-ink-3">{path} </code>}
                  {message}
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}

function Sentences({ sentences }: { sentences: readonly string[] }) {
  if (sentences.length === 0)
    return (
      <p className="text-ink-3 text-xs">
        <Trans>It is so already: nothing would be different.</Trans>
      </p>
    );
  return (
    <ul className="flex flex-col gap-1.5">
      {sentences.map((sentence) => (
        <li key={sentence} className="break-words border-edge border-s-2 ps-2.5">
          {sentence}
        </li>
      ))}
    </ul>
  );
}

interface TargetingChangeProps {
  project: Project;
  request: ChangeRequest;
  environment: string;
  flag: string;
  edits: readonly TargetingEdit[];
  /** Shown while the flag is not known. */
  sentences: readonly string[];
}

/** The same with what was and what is to be, and whom it moves when that is asked. */
function TargetingChange({ project, request, environment, flag: key, edits, sentences }: TargetingChangeProps) {
  const { data: flag } = useQuery(flagQuery(project.key, key));
  const [isOpen, setOpen] = useState(false);
  const may = useMay(project.key, environment);
  const state = flag?.environments[environment];
  const place = project.environments.find((one) => one.key === environment);
  if (!flag || !state || !place || sentences.length === 0) return <Sentences sentences={sentences} />;
  const base = targetingOf(state);
  const mine = applied(base, edits);
  const mayEdit = may('targeting:write') && flag.archivedAt === null && request.actions.includes('edit');
  return (
    <>
      <EditList flag={flag} base={base} edits={edits} label={t`What would be different in ${place.name}`} />
      {mine && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary className="w-fit cursor-pointer rounded-xs text-ink-2 hover:text-ink">
            <Trans>Whom it would move</Trans>
          </summary>
          {isOpen && (
            <div className="mt-2">
              <ImpactPanel
                project={project.key}
                flag={flag}
                environment={place}
                base={base}
                mine={mine}
                edits={edits}
              />
            </div>
          )}
        </details>
      )}
      {mine && mayEdit && (
        <div>
          <EditTargeting {...{ project: project.key, request, flag: key, environment, state, base, mine }} />
        </div>
      )}
    </>
  );
}

/** Undefined: the edits do not go with what is there any more, which the findings say. */
function applied(base: ReturnType<typeof targetingOf>, edits: readonly TargetingEdit[]) {
  try {
    return applyEdits(base, edits, Date.now());
  } catch {
    return undefined;
  }
}

/** The API leaves the leaves of conditions open: here they are core's again. */
function editsOf(proposed: ChangeRequest['changes'][number] | undefined): readonly TargetingEdit[] | undefined {
  if (!proposed || !('edits' in proposed) || !('environment' in proposed) || !('flag' in proposed)) return undefined;
  return proposed.edits as unknown as TargetingEdit[];
}
