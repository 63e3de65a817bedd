import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { groupsQuery, type SubjectKind, serviceAccountsQuery, userQuery } from '../../api/people.ts';
import { useMay } from '../../api/permissions.ts';
import { patterns, peoplePath } from '../../paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Breadcrumb } from '../../ui/breadcrumb.tsx';
import { wordOf } from '../../ui/code-words.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { NotFoundPage } from '../layout/not-found-page.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { GrantsPanel } from './grants-panel.tsx';
import { MembersPanel } from './members-panel.tsx';
import { SessionsPanel } from './sessions-panel.tsx';
import { SubjectActs } from './subject-acts.tsx';
import { TokensPanel } from './tokens-panel.tsx';

/** Someone, or something, that can be granted roles. */
export interface Subject {
  readonly kind: SubjectKind;
  readonly id: string;
  readonly name: string;
  /** An address of a person. */
  readonly email?: string;
  readonly state: 'invited' | 'active' | 'disabled';
}

/** A person, a group or a program: what they may do where, who is in it, by which tokens they call. */
export function SubjectPage() {
  const { project, kind, subject: id } = getRouteApi(patterns.subject).useParams();
  if (kind !== 'user' && kind !== 'group' && kind !== 'service-account') return <NotFoundPage />;
  return <KnownSubjectPage project={project} kind={kind} id={id} />;
}

function KnownSubjectPage({ project, kind, id }: { project: string; kind: SubjectKind; id: string }) {
  const user = useQuery({ ...userQuery(id), enabled: kind === 'user' });
  const groups = useQuery({ ...groupsQuery, enabled: kind === 'group' });
  const accounts = useQuery({ ...serviceAccountsQuery, enabled: kind === 'service-account' });
  const may = useMay(project);
  const tab = kind === 'group' ? 'groups' : kind === 'service-account' ? 'programs' : undefined;
  const loaded = kind === 'user' ? user : kind === 'group' ? groups : accounts;
  const found = (): Subject | undefined => {
    if (kind === 'user') return user.data && { ...user.data, kind };
    const item = kind === 'group' ? groups.data?.find((one) => one.id === id) : undefined;
    if (item) return { kind, id, name: item.name, state: 'active' };
    const account = accounts.data?.find((one) => one.id === id);
    return account && { kind, id, name: account.name, state: account.disabledAt === null ? 'active' : 'disabled' };
  };
  return (
    <Loaded<unknown> from={loaded} what={t`whom this is about`}>
      {() => {
        const subject = found();
        if (!subject) return <NotFoundPage />;
        return (
          <Page title={subject.name}>
            <Breadcrumb here={subject.name}>
              <Link {...peoplePath(project, { tab })}>
                <Trans>People</Trans>
              </Link>
            </Breadcrumb>
            <PageHeader
              title={subject.name}
              actions={may('people:write') && <SubjectActs project={project} subject={subject} />}
            >
              <p className="flex flex-wrap items-center gap-2 text-ink-2">
                <span>{subject.email ?? (kind === 'group' ? t`Group` : t`Service account`)}</span>
                {subject.state !== 'active' && (
                  <Badge look={subject.state === 'disabled' ? 'danger' : 'muted'}>{wordOf(subject.state)}</Badge>
                )}
              </p>
            </PageHeader>
            <GrantsPanel subject={subject} mayWrite={may('people:write')} />
            {kind === 'group' && <MembersPanel project={project} group={id} mayWrite={may('people:write')} />}
            {kind === 'user' && may('people:write') && <SessionsPanel user={id} />}
            {kind !== 'group' && <TokensPanel holder={{ kind, id }} mayWrite={may('people:write')} />}
          </Page>
        );
      }}
    </Loaded>
  );
}
