import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Users } from 'lucide-react';
import { useState } from 'react';
import { revisionsQuery } from '../../api/history.ts';
import { useMay } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { namedOrFirst } from '../../environments/choose-environment.ts';
import { EnvironmentSelect } from '../../environments/environment-select.tsx';
import { contextsPath, patterns, playgroundPath } from '../../paths.ts';
import type { PlaygroundSearch } from '../../searches.ts';
import { buttonShape } from '../../ui/button.tsx';
import { Loaded, More } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { AnswersPanel } from './answers-panel.tsx';
import { ContextField } from './context-field.tsx';
import { FlagAnswer } from './flag-answer.tsx';
import { MomentField } from './moment-field.tsx';
import { contextText, readContext } from './read-context.ts';
import { RevisionDifference } from './revision-difference.tsx';
import { RevisionSlider } from './revision-slider.tsx';

/** What every flag answers a context, now and at any revision of the past, and why. Its state is its address. */
export function PlaygroundPage() {
  const route = getRouteApi(patterns.playground);
  const { project: key } = route.useParams();
  const search = route.useSearch();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const navigate = useNavigate();
  const environment = namedOrFirst(project.environments, search.environment);
  const may = useMay(key, environment?.key);
  const revisions = useInfiniteQuery({
    ...revisionsQuery(key, environment?.key ?? ''),
    enabled: environment !== undefined,
    select: ({ pages }) => pages.flatMap((page) => page.items),
  });
  const change = (part: PlaygroundSearch) =>
    void navigate({ ...playgroundPath(key, { ...search, ...part }), replace: true });
  // The address follows what is typed: too late for the next key.
  const [text, setText] = useState(() => contextText(search.context));
  const read = readContext(text);
  const newest = revisions.data?.[0]?.revision.number;
  if (!environment) return null;
  const number = search.revision ?? newest;
  const question =
    read.ok && number !== undefined
      ? {
          ...{ project: key, environment: environment.key, context: read.context },
          ...{ revision: number, isNow: search.revision === undefined, moment: search.at },
        }
      : undefined;
  const past =
    question && search.other !== undefined
      ? { ...question, revision: search.other, isNow: false, moment: undefined }
      : undefined;
  return (
    <Page title={t`Playground of ${project.name}`}>
      <PageHeader
        title={t`Playground`}
        actions={
          <>
            {may('contexts:read') && (
              <Link
                {...contextsPath(key, { environment: environment.key })}
                className={`${buttonShape} border border-edge bg-raised shadow-control hover:bg-hover`}
              >
                <Users aria-hidden />
                <Trans>Contexts that were seen</Trans>
              </Link>
            )}
            <EnvironmentSelect
              environments={project.environments}
              value={environment.key}
              onChange={(next) => change({ environment: next, revision: undefined, at: undefined, other: undefined })}
            />
          </>
        }
      />
      <div className="grid items-start gap-4 lg:grid-cols-[22rem_minmax(0,1fr)]">
        <div className="flex flex-col gap-4">
          <Panel title={t`Ask`}>
            <div className="flex flex-col gap-3 px-4 py-3">
              <ContextField
                project={key}
                environment={environment.key}
                value={text}
                onChange={(context) => {
                  setText(context);
                  change({ context });
                }}
                error={read.ok ? undefined : read.error}
              />
            </div>
          </Panel>
          <Panel title={t`Time machine`} note={t`Answers as they were.`}>
            <Loaded from={revisions} what={t`the revisions`}>
              {(items) =>
                items.length === 0 ? (
                  <p className="px-4 py-3 text-ink-3 text-xs">
                    <Trans>Nothing was served here yet.</Trans>
                  </p>
                ) : (
                  <div className="flex flex-col gap-3 px-4 py-3">
                    {search.at === undefined && (
                      <RevisionSlider
                        key={`at ${environment.key}`}
                        label={t`At revision`}
                        revisions={items}
                        initial={search.revision}
                        onChange={(revision) => change({ revision })}
                        clear={t`Now`}
                      />
                    )}
                    <MomentField value={search.at} onChange={(at) => change({ at, revision: undefined })} />
                    <RevisionSlider
                      key={`other ${environment.key}`}
                      label={t`Compared with revision`}
                      revisions={items}
                      initial={search.other}
                      onChange={(other) => change({ other })}
                      clear={t`Do not compare`}
                    />
                  </div>
                )
              }
            </Loaded>
            <More from={revisions} label={t`Reach further back`} />
          </Panel>
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <AnswersPanel
            question={question}
            past={past}
            filter={search}
            shown={search.flag}
            onFilter={change}
            onShow={(flag) => change({ flag: flag === search.flag ? undefined : flag })}
          />
          {question && search.flag !== undefined && (
            <FlagAnswer
              key={search.flag}
              question={question}
              environment={environment}
              flag={search.flag}
              onClose={() => change({ flag: undefined })}
            />
          )}
          {number !== undefined && search.at === undefined && search.other !== undefined && search.other !== number && (
            <RevisionDifference project={key} environment={environment.key} from={search.other} to={number} />
          )}
        </div>
      </div>
    </Page>
  );
}
