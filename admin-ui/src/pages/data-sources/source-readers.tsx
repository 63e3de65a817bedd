import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import type { DataSource } from '../../api/types.ts';
import { newReleasePath, releasePath, safeguardPath } from '../../paths.ts';
import { phaseWords } from '../../releases/phase.ts';

/** What reads a data source: safeguards, gates of releases that have not ended, templates. Each leads there. */
export function SourceReaders({ project, source }: { project: string; source: DataSource }) {
  const { usedBy, usedByReleases, usedByTemplates } = source;
  const readers: readonly (readonly [key: string, reader: ReactNode])[] = [
    ...usedBy.map(
      ({ environment, safeguard, name }) =>
        [
          safeguard,
          <Trans>
            <Link {...safeguardPath(project, environment, safeguard)} className="text-link underline">
              {name}
            </Link>{' '}
            in {environment}
          </Trans>,
        ] as const,
    ),
    ...usedByReleases.map(
      ({ environment, release, title, phase }) =>
        [
          release,
          <Trans>
            release{' '}
            <Link {...releasePath(project, release)} className="text-link underline">
              {title}
            </Link>{' '}
            in {environment} ({t(phaseWords[phase].name)})
          </Trans>,
        ] as const,
    ),
    ...usedByTemplates.map(
      ({ template, name }) =>
        [
          template,
          <Trans>
            template{' '}
            <Link {...newReleasePath(project, { template })} className="text-link underline">
              {name}
            </Link>
          </Trans>,
        ] as const,
    ),
  ];
  return (
    <p className="break-words text-ink-2 text-xs">
      {readers.length === 0 ? t`No safeguard and no gate reads it.` : t`Read by:`}
      {readers.map(([key, reader], at) => (
        <Fragment key={key}>
          {at > 0 ? ', ' : ' '}
          {reader}
        </Fragment>
      ))}
    </p>
  );
}
