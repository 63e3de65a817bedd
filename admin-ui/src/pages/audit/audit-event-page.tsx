import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { auditEventQuery } from '../../api/audit.ts';
import { useMay } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { DifferenceList } from '../../differences/difference-list.tsx';
import { differencesOf } from '../../differences/differences-of.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { auditPath, patterns } from '../../paths.ts';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { formatSentence } from '../../ui/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { EventFacts } from './event-facts.tsx';
import { canBeUndone, deedWords, kindWords, reasonOf, targetName, verbOf } from './event-words.ts';
import { RevertDialog } from './revert-dialog.tsx';

/** One thing that was done: by whom, why, what it changed, and the way back. */
export function AuditEventPage() {
  const { project: key, event: id } = getRouteApi(patterns.auditEvent).useParams();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const { data: event } = useSuspenseQuery(auditEventQuery(id));
  const [isReverting, setReverting] = useState(false);
  const { actor, action, target, before, after } = event;
  const environment = project.environments.find((one) => one.key === event.environment && event.project === key);
  const may = useMay(event.project ?? key, event.environment ?? undefined);
  const differences = differencesOf(before, after);
  const reason = reasonOf(event);
  const deed = `${verbOf(action)} ${kindWords(target.kind)}`;
  return (
    <Page title={deedWords(actor.name, action, target.kind, targetName(event))}>
      <Breadcrumb here={action}>
        <Link {...auditPath(key)}>
          <Trans>Audit log</Trans>
        </Link>
      </Breadcrumb>
      <PageHeader
        title={
          <>
            {actor.name} <span className="font-normal text-ink-2">{deed}</span>{' '}
            <span className="break-all font-mono text-base">{targetName(event)}</span>
          </>
        }
        actions={
          canBeUndone(action) &&
          may('history:revert') && (
            <Button className="print:hidden" onClick={() => setReverting(true)}>
              <Trans>Undo this change</Trans>
            </Button>
          )
        }
      >
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-2">
          {environment && <EnvironmentName environment={environment} />}
          {reason !== undefined && <q className="break-words">{formatSentence(reason)}</q>}
        </div>
      </PageHeader>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Panel title={t`What it changed`} note={noteOf(before, after)}>
            {differences.length === 0 ? (
              <p className="px-4 py-3.5 text-ink-3 text-xs">
                <Trans>Nothing of what is kept: the event tells that something happened.</Trans>
              </p>
            ) : (
              <DifferenceList differences={differences} />
            )}
          </Panel>
          <details className="group print:hidden">
            <summary className="w-fit cursor-pointer rounded-xs text-ink-2 hover:text-ink">
              <Trans>The event as JSON</Trans>
            </summary>
            <div className="mt-2">
              <CodeBlock title={t`Event`} code={JSON.stringify(event, null, 2)} />
            </div>
          </details>
        </div>
        <EventFacts project={key} event={event} />
      </div>
      {isReverting && (
        <RevertDialog
          event={event}
          isProduction={environment?.production ?? false}
          onClose={() => setReverting(false)}
        />
      )}
    </Page>
  );
}

function noteOf(before: unknown, after: unknown): string {
  if (before === null && after !== null) return t`It was new: all of it.`;
  return after === null && before !== null ? t`It is gone: what it was.` : t`What was there, and what took its place.`;
}
