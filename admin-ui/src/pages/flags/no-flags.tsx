import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useMay } from '../../api/permissions.ts';
import { connectPath, type FlagsSearch } from '../../paths.ts';
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
          title={search.search ? `No flag matches “${search.search}”` : 'No flag is like this'}
          text={
            inForce.length > 0
              ? `Filters in force: ${inForce.map(({ name }) => name).join(', ')}.`
              : 'The search looks at keys, names, descriptions and tags.'
          }
        >
          <Button onClick={() => onChange(everything)}>Show all flags</Button>
        </EmptyState>
      </div>
    );
  }
  if (search.archived) {
    return (
      <div className={shape}>
        <EmptyState
          title="Nothing is archived"
          text="Flags that have done their work are archived from their own page; from here they can be restored."
        >
          <Button onClick={() => onChange({ archived: undefined })}>Show active flags</Button>
        </EmptyState>
      </div>
    );
  }
  return (
    <div className={shape}>
      <EmptyState
        title="Create the first flag"
        text="It starts turned off in every environment, so nothing changes until you turn it on."
      >
        {may('flag:write') && (
          <Button look="primary" onClick={() => onChange({ create: true })}>
            <Plus aria-hidden />
            New flag
          </Button>
        )}
        <Link {...connectPath(project)} className="font-medium text-link hover:underline">
          From a flag to your own code, step by step
        </Link>
      </EmptyState>
    </div>
  );
}
