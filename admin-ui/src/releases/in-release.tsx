import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { releasePath } from '../paths.ts';

/** In a row of a list that leads elsewhere: the release that the thing is in. */
export function InRelease({ project, release: { id, title } }: InReleaseProps) {
  return (
    <span className="min-w-0 max-w-64 truncate text-ink-3 text-xs">
      <Trans>
        in{' '}
        <Link {...releasePath(project, id)} className="relative rounded-xs text-link leading-6 hover:underline">
          {title}
        </Link>
      </Trans>
    </span>
  );
}

interface InReleaseProps {
  project: string;
  release: { readonly id: string; readonly title: string };
}
