import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { sampledContextsQuery } from '../../api/contexts.ts';
import type { ContextSampling, Environment } from '../../api/types.ts';
import { settingsPath } from '../../paths.ts';
import type { ContextsSearch } from '../../searches.ts';
import { Button, buttonShape } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loaded, More } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { ContextRow } from './context-row.tsx';

interface SampledPanelProps {
  project: string;
  environment: Environment;
  sampling: ContextSampling;
  search: ContextsSearch;
  onChange: (part: ContextsSearch) => void;
}

/** The contexts that were sampled, those seen last first. */
export function SampledPanel({ project, environment, sampling, search, onChange }: SampledPanelProps) {
  const isSampled = sampling.mode === 'contexts';
  const contexts = useInfiniteQuery({
    ...sampledContextsQuery(project, environment.key, { search: search.search, source: search.source }),
    enabled: isSampled,
    placeholderData: keepPreviousData,
    select: ({ pages }) => pages.flatMap((page) => page.items),
  });
  const isNarrowed = search.search !== undefined || search.source !== undefined;
  if (!isSampled) {
    return (
      <Panel title={t`Contexts`}>
        <EmptyState
          title={t`Contexts are not sampled here`}
          text={t`Where they are, this page shows whom flags are evaluated for, and a change shows whom it moves before it is saved. It is about people, so it is off until someone allows it for an environment.`}
        >
          <Link
            {...settingsPath(project)}
            className={`${buttonShape} border border-edge bg-raised shadow-control hover:bg-hover`}
          >
            <Trans>What SDKs tell of contexts</Trans>
          </Link>
        </EmptyState>
      </Panel>
    );
  }
  return (
    <Panel title={t`Contexts`} note={t`Those seen last first.`}>
      <search className="flex flex-wrap items-center gap-2 border-line border-b px-4 py-2">
        <div className="flex min-w-full flex-1 sm:min-w-60">
          <SearchBox
            label={t`Search for text anywhere in a context`}
            value={search.search ?? ''}
            onChange={(text) => onChange({ search: text || undefined })}
          />
        </div>
        <Segmented
          label={t`Who told of it`}
          value={search.source ?? 'all'}
          options={[
            { value: 'all', label: t`All` },
            { value: 'server', label: t`Services` },
            { value: 'page', label: t`Pages` },
          ]}
          onChange={(source) => onChange({ source: source === 'all' ? undefined : source })}
        />
      </search>
      <Loaded from={contexts} what={t`the contexts`}>
        {(items) =>
          items.length > 0 ? (
            <ul aria-label={t`Contexts`} aria-busy={contexts.isFetching}>
              {items.map((context) => (
                <ContextRow key={context.subject} project={project} environment={environment} sampled={context} />
              ))}
            </ul>
          ) : isNarrowed ? (
            <EmptyState title={t`No context is like this`} text={t`Of those that were seen, none has this in it.`}>
              <Button onClick={() => onChange({ search: undefined, source: undefined })}>
                <Trans>Show all contexts</Trans>
              </Button>
            </EmptyState>
          ) : (
            <EmptyState
              title={t`No context was seen`}
              text={t`They come seconds after a connected service evaluates a flag, or a page asks for its values. Services with an SDK of an earlier version tell of none.`}
            />
          )
        }
      </Loaded>
      <More from={contexts} label={t`Show more contexts`} />
    </Panel>
  );
}
