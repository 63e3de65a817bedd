import { plural } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import type { ContextSampling } from '../../api/types.ts';
import { settingsPath } from '../../paths.ts';
import { formatNumber } from '../../ui/format.ts';

interface SamplingNoteProps {
  project: string;
  sampling: ContextSampling;
}

/** What is told of contexts here, what of it is kept and for how long, and what never comes. */
export function SamplingNote({ project, sampling: { mode, samples, retentionHours } }: SamplingNoteProps) {
  const count = formatNumber(samples);
  const hours = plural(retentionHours, { one: '# hour', other: '# hours' });
  return (
    <p className="max-w-200 text-ink-2">
      {mode === 'contexts' && (
        <Trans>
          SDKs tell of a few contexts a second. {count} at most are kept, a fair sample of all subjects, each for{' '}
          {hours} after it was seen last.
        </Trans>
      )}
      {mode === 'attributes' && <Trans>SDKs tell names and types of attributes, never values.</Trans>}
      {mode === 'off' && <Trans>SDKs tell nothing of contexts here.</Trans>}{' '}
      <Trans>
        What is private is left out where it is taken, before anything is sent.{' '}
        <Link {...settingsPath(project)} className="rounded-xs text-link underline">
          What is told, and what is private
        </Link>
      </Trans>
    </p>
  );
}
