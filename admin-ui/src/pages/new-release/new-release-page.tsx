import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMaySomewhere } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { releaseTemplatesQuery } from '../../api/release-templates.ts';
import { releaseQuery } from '../../api/releases.ts';
import type { Project } from '../../api/types.ts';
import { newReleasePath, patterns, releasePath, releasesPath } from '../../paths.ts';
import { specOfRelease } from '../../releases/release-spec.ts';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { Composer } from './composer.tsx';
import { draftOfTemplate } from './release-draft.ts';
import { TemplateGallery } from './template-gallery.tsx';

/** Begins a release: from a way that has proved itself, or as another one was. Its address says from what. */
export function NewReleasePage() {
  const route = getRouteApi(patterns.newRelease);
  const { project: key } = route.useParams();
  const { template, from, edit } = route.useSearch();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const title = edit === undefined ? t`New release` : t`Edit draft`;
  const isChosen = template !== undefined || from !== undefined || edit !== undefined;
  const words = isChosen
    ? t`It is a draft until someone starts it. Nobody is moved before that.`
    : t`Choose a way to release; all of it can be changed afterwards.`;
  return (
    <Page title={title}>
      <div className="flex flex-col gap-1">
        <Breadcrumb here={title}>
          <Link {...releasesPath(key)}>
            <Trans>Releases</Trans>
          </Link>
        </Breadcrumb>
        <PageHeader title={title}>
          <p className="text-ink-2">{words}</p>
        </PageHeader>
      </div>
      {edit !== undefined && <FromDraft project={project} release={edit} />}
      {edit === undefined && from !== undefined && <FromRelease project={project} release={from} />}
      {edit === undefined && from === undefined && <FromTemplate project={project} template={template} />}
    </Page>
  );
}

/** @param template its key; undefined: it is to be chosen */
function FromTemplate({ project, template: key }: { project: Project; template: string | undefined }) {
  const templates = useQuery(releaseTemplatesQuery(project.key));
  const may = useMaySomewhere(project);
  return (
    <Loaded from={templates} what={t`the templates`}>
      {(items) => {
        if (key === undefined) {
          return <TemplateGallery project={project.key} templates={items} mayDelete={may('release:write')} />;
        }
        const template = items.find((one) => one.key === key);
        if (!template) {
          return (
            <Notice title={t`There is no template ${key}`}>
              <Trans>
                It may have been deleted. <ChooseLink project={project.key}>Choose another</ChooseLink>
              </Trans>
            </Notice>
          );
        }
        return (
          <Composer
            key={key}
            project={project}
            origin={`template ${key}`}
            template={template}
            begin={(before) => draftOfTemplate(template, before)}
            about={
              <>
                <strong className="font-medium text-ink">{template.name}.</strong> {template.description}{' '}
                <ChooseLink project={project.key}>
                  <Trans>Choose another way</Trans>
                </ChooseLink>
              </>
            }
          />
        );
      }}
    </Loaded>
  );
}

/** @param release the id of the one that it is to be like */
function FromRelease({ project, release: id }: { project: Project; release: string }) {
  const release = useQuery(releaseQuery(project.key, id));
  return (
    <Loaded from={release} what={t`the release`}>
      {(source) => (
        <Composer
          key={id}
          project={project}
          origin={`release ${id}`}
          template={undefined}
          begin={() => specOfRelease(source)}
          about={
            <Trans>
              As{' '}
              <Link {...releasePath(project.key, id)} className="font-medium text-link underline">
                {source.title}
              </Link>{' '}
              was. <ChooseLink project={project.key}>Choose a template instead</ChooseLink>
            </Trans>
          }
        />
      )}
    </Loaded>
  );
}

/** @param release the id of the draft */
function FromDraft({ project, release: id }: { project: Project; release: string }) {
  const release = useQuery(releaseQuery(project.key, id));
  return (
    <Loaded from={release} what={t`the draft`}>
      {(draft) =>
        draft.phase === 'draft' ? (
          <Composer
            key={id}
            project={project}
            origin={`draft ${id}`}
            template={undefined}
            edited={draft}
            begin={() => specOfRelease(draft)}
            about={t`What others have approved is void when it is saved as something else, and whoever edits it does not approve it.`}
          />
        ) : (
          <Notice title={t`${draft.title} is no draft any more`}>
            <Trans>
              What has begun, or has its time, is not edited.{' '}
              <Link {...releasePath(project.key, id)} className="text-link underline">
                See how it goes
              </Link>
              , or{' '}
              <Link {...newReleasePath(project.key, { from: id })} className="text-link underline">
                make another one like it
              </Link>
              .
            </Trans>
          </Notice>
        )
      }
    </Loaded>
  );
}

function ChooseLink({ project, children }: { project: string; children: ReactNode }) {
  return (
    <Link {...newReleasePath(project)} className="text-link underline">
      {children}
    </Link>
  );
}
