import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useMay, useMayEverywhere } from '../../api/permissions.ts';
import { projectQuery } from '../../api/projects.ts';
import { patterns, peoplePath } from '../../paths.ts';
import type { PeopleSearch } from '../../searches.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Page, PageHeader } from '../layout/page-header.tsx';
import { RoleList } from '../roles/role-list.tsx';
import { SignInSettings } from '../sign-in-settings/sign-in-settings.tsx';
import { GroupList } from './group-list.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { NameDialog } from './name-dialog.tsx';
import { ServiceAccountList } from './service-account-list.tsx';
import { UserList } from './user-list.tsx';

const tabs = [
  { value: 'users', label: msg`People` },
  { value: 'groups', label: msg`Groups` },
  { value: 'programs', label: msg`Service accounts` },
  { value: 'roles', label: msg`Roles` },
  { value: 'sign-in', label: msg`Sign-in` },
] as const;

const news = {
  users: msg`Invite`,
  groups: msg`New group`,
  programs: msg`New service account`,
  roles: msg`New role`,
  'sign-in': undefined,
} as const;

/** Who may do what in the whole installation: people, groups of them, programs, and the roles there are. */
export function PeoplePage() {
  const route = getRouteApi(patterns.people);
  const { project: key } = route.useParams();
  const search = route.useSearch();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const navigate = useNavigate();
  const may = useMay(key);
  const mayEverywhere = useMayEverywhere();
  const [isCreating, setCreating] = useState(false);
  const tab = search.tab ?? 'users';
  const change = (part: PeopleSearch) => void navigate({ ...peoplePath(key, { ...search, ...part }), replace: true });
  const close = () => setCreating(false);
  return (
    <Page title={t`People, as seen from ${project.name}`}>
      <PageHeader
        title={t`People`}
        actions={
          news[tab] &&
          (tab === 'roles' ? mayEverywhere('people:write') : may('people:write')) && (
            <Button look="primary" onClick={() => setCreating(true)}>
              <Plus aria-hidden />
              {t(news[tab])}
            </Button>
          )
        }
      >
        <p className="text-ink-3 text-xs">
          <Trans>Of the whole installation, not of this project alone.</Trans>
        </p>
      </PageHeader>
      <div>
        <Segmented
          label={t`What to show`}
          value={tab}
          options={tabs.filter(({ value }) => value !== 'sign-in' || may('installation:write'))}
          onChange={(next) => {
            close();
            change({ tab: next === 'users' ? undefined : next, search: undefined });
          }}
        />
      </div>
      {tab === 'users' && (
        <UserList project={key} search={search.search} onSearch={(text) => change({ search: text || undefined })} />
      )}
      {tab === 'groups' && <GroupList project={key} />}
      {tab === 'programs' && <ServiceAccountList project={key} />}
      {tab === 'roles' && <RoleList project={key} isCreating={isCreating} onCreated={close} />}
      {tab === 'sign-in' && <SignInSettings />}
      {isCreating && tab === 'users' && <InviteDialog project={key} onClose={close} />}
      {isCreating && (tab === 'groups' || tab === 'programs') && <NameDialog project={key} of={tab} onClose={close} />}
    </Page>
  );
}
