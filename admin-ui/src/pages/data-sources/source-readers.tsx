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
          <>
            <Link {...safeguardPath(project, environment, safeguard)} className="text-link underline">
              {name}
            </Link>{' '}
            in {environment}
          </>,
        ] as const,
    ),
    ...usedByReleases.map(
      ({ environment, release, title, phase }) =>
        [
          release,
          <>
            release{' '}
            <Link {...releasePath(project, release)} className="text-link underline">
              {title}
            </Link>{' '}
            in {environment} ({phaseWords[phase].name})
          </>,
        ] as const,
    ),
    ...usedByTemplates.map(
      ({ template, name }) =>
        [
          template,
          <>
            template{' '}
            <Link {...newReleasePath(project, { template })} className="text-link underline">
              {name}
            </Link>
          </>,
        ] as const,
    ),
  ];
  return (
    <p className="break-words text-ink-2 text-xs">
      {readers.length === 0 ? 'No safeguard and no gate reads it.' : 'Read by '}
      {readers.map(([key, reader], at) => (
        <Fragment key={key}>
          {at > 0 && ', '}
          {reader}
        </Fragment>
      ))}
    </p>
  );
}
