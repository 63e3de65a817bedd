import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useMay } from '../../api/permissions.ts';
import { connectPath } from '../../paths.ts';
import type { FlagsSearch } from '../../searches.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { everything, narrowings } from './flag-filter.ts';

interface NoFlagsProps {
  project: string;
  search: FlagsSearch;
  onChange: (part: FlagsSearch) => void;
}

/** No flag to show: because none matches, none is archived, or none was ever made. */
export function NoFlags({ project, search, onChange }: NoFlagsProps) {
  const may = useMay(project);
  const inForce = narrowings(search);
  const shape = 'rounded-md border border-line bg-surface';
  if (search.search || inForce.length > 0) {
    return (
      <div className={shape}>
        <EmptyState
          title={search.search ? t`No flag matches “${search.search}”` : t`No flag is like this`}
          text={
            inForce.length > 0
              ? t`Filters in force: ${inForce.map(({ name }) => name).join(', ')}.`
              : t`The search looks at keys, names, descriptions and tags.`
          }
        >
          <Button onClick={() => onChange(everything)}>
            <Trans>Show all flags</Trans>
          </Button>
        </EmptyState>
      </div>
    );
  }
  if (search.archived) {
    return (
      <div className={shape}>
        <EmptyState
          title={t`Nothing is archived`}
          text={t`Flags that have done their work are archived from their own page; from here they can be restored.`}
        >
          <Button onClick={() => onChange({ archived: undefined })}>
            <Trans>Show active flags</Trans>
          </Button>
        </EmptyState>
      </div>
    );
  }
  return (
    <div className={shape}>
      <EmptyState
        title={t`Create the first flag`}
        text={t`It starts turned off in every environment, so nothing changes until you turn it on.`}
      >
        {may('flag:write') && (
          <Button look="primary" onClick={() => onChange({ create: true })}>
            <Trans>
              <Plus aria-hidden />
              New flag
            </Trans>
          </Button>
        )}
        <Link {...connectPath(project)} className="font-medium text-link hover:underline">
          <Trans>From a flag to your own code, step by step</Trans>
        </Link>
      </EmptyState>
    </div>
  );
}
