import { t } from '@lingui/core/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Check, Lock, Save, Trash2, Users } from 'lucide-react';
import { createFlagView, deleteFlagView, updateFlagView } from '../../api/flag-views.ts';
import { useMay } from '../../api/permissions.ts';
import { sessionQuery } from '../../api/session.ts';
import type { FlagView } from '../../api/types.ts';
import { flagsPath } from '../../paths.ts';
import type { FlagsSearch } from '../../searches.ts';
import { IconButton } from '../../ui/button.tsx';
import { useViewChange } from './use-view-change.ts';
import { isShown, searchOf, viewFilterOf } from './view-filter.ts';

interface ViewEntryProps {
  project: string;
  view: FlagView;
  search: FlagsSearch;
  onChoose: () => void;
}

/** A view: a link to what it shows, and what one may do with it. */
export function ViewEntry({ project, view, search, onChoose }: ViewEntryProps) {
  const { id, name, filter, shared, owner } = view;
  const may = useMay(project);
  const { data: user } = useQuery(sessionQuery);
  const run = useViewChange(project, name);
  const mayWrite = may('flag:write');
  const mayChange = may('flag:comment') && (!shared || mayWrite);
  const isMine = owner.id === user?.id;
  const current = isShown(filter, search);
  const remove = () =>
    run({
      act: async () => void (await deleteFlagView(project, id)),
      done: t`The view "${name}" is deleted`,
      undo: () => createFlagView(project, { name, filter, shared }),
    });
  const showThis = () =>
    run({
      act: () => updateFlagView(project, id, { filter: viewFilterOf(search) }),
      done: t`The view "${name}" shows something else now`,
      undo: () => updateFlagView(project, id, { filter }),
    });
  const share = () =>
    run({
      act: () => updateFlagView(project, id, { shared: !shared }),
      done: shared ? t`The view "${name}" is yours alone` : t`The view "${name}" is for everyone`,
      undo: () => updateFlagView(project, id, { shared }),
    });
  return (
    <li className="group/view flex items-center gap-0.5 rounded-sm pe-0.5 hover:bg-hover">
      <Link
        {...flagsPath(project, searchOf(filter))}
        aria-current={current ? 'true' : undefined}
        onClick={onChoose}
        className="flex min-h-8 min-w-0 flex-1 items-center gap-2 rounded-sm px-2 py-1"
      >
        <Check aria-hidden className={current ? 'size-3.5 shrink-0 text-link' : 'size-3.5 shrink-0 opacity-0'} />
        <span dir="auto" className="min-w-0 truncate" title={shared && !isMine ? t`${name} · by ${owner.name}` : name}>
          {name}
        </span>
      </Link>
      {mayChange && (
        <>
          {!current && (
            <IconButton label={t`Have "${name}" show what is shown now`} onClick={() => void showThis()}>
              <Save aria-hidden />
            </IconButton>
          )}
          {mayWrite && isMine && (
            <IconButton
              label={shared ? t`Keep "${name}" to yourself` : t`Share "${name}" with the project`}
              onClick={() => void share()}
            >
              {shared ? <Lock aria-hidden /> : <Users aria-hidden />}
            </IconButton>
          )}
          <IconButton label={t`Delete the view "${name}"`} onClick={() => void remove()}>
            <Trash2 aria-hidden />
          </IconButton>
        </>
      )}
    </li>
  );
}
