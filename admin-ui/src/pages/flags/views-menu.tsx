import { Popover } from '@base-ui/react/popover';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Bookmark, BookmarkPlus } from 'lucide-react';
import { useState } from 'react';
import { flagViewsQuery } from '../../api/flag-views.ts';
import { useMay } from '../../api/permissions.ts';
import type { FlagsSearch } from '../../searches.ts';
import { Button } from '../../ui/button.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { SaveViewDialog } from './save-view-dialog.tsx';
import { ViewEntry } from './view-entry.tsx';
import { isShown } from './view-filter.ts';

interface ViewsMenuProps {
  project: string;
  search: FlagsSearch;
}

/** Ways to look at the list that were kept: one's own, and the project's. The address says what is shown; these lead to it. */
export function ViewsMenu({ project, search }: ViewsMenuProps) {
  const may = useMay(project);
  const views = useQuery(flagViewsQuery(project));
  const [open, setOpen] = useState(false);
  const [saving, setSaving] = useState(false);
  const shown = views.data?.find(({ filter }) => isShown(filter, search));
  const groups = [
    { title: t`Your views`, views: views.data?.filter(({ shared }) => !shared) ?? [] },
    { title: t`Views of the project`, views: views.data?.filter(({ shared }) => shared) ?? [] },
  ].filter((group) => group.views.length > 0);
  return (
    <>
      <Popover.Root open={open} onOpenChange={setOpen}>
        <Popover.Trigger render={<Button className="max-w-60 max-sm:max-w-full" />}>
          <Bookmark aria-hidden className={shown && 'fill-current'} />
          <span className="min-w-0 truncate">{shown ? shown.name : t`Views`}</span>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner sideOffset={4} align="end" collisionPadding={12} className="z-10 outline-none">
            <Popover.Popup
              aria-label={t`Views`}
              className="popup-motion max-h-(--available-height) w-88 max-w-(--available-width) overflow-y-auto rounded-md bg-raised p-1.5 shadow-popup outline-none"
            >
              <Loaded from={views} what={t`the views`}>
                {(all) =>
                  all.length === 0 ? (
                    <p className="px-2 py-2 text-ink-2">
                      <Trans>
                        A view keeps a search, its filters and its order under a name: stale flags in production, say.
                        Narrow the list, then keep it.
                      </Trans>
                    </p>
                  ) : (
                    groups.map((group) => (
                      <section key={group.title} aria-label={group.title}>
                        <h2 className="px-2 pt-1.5 pb-1 font-medium text-ink-3 text-xs">{group.title}</h2>
                        <ul>
                          {group.views.map((view) => (
                            <ViewEntry
                              key={view.id}
                              project={project}
                              view={view}
                              search={search}
                              onChoose={() => setOpen(false)}
                            />
                          ))}
                        </ul>
                      </section>
                    ))
                  )
                }
              </Loaded>
              {may('flag:comment') && !shown && (
                <div className="mt-1.5 border-line border-t pt-1.5">
                  <Button
                    look="quiet"
                    className="w-full justify-start px-2"
                    onClick={() => {
                      setOpen(false);
                      setSaving(true);
                    }}
                  >
                    <Trans>
                      <BookmarkPlus aria-hidden />
                      Keep what is shown as a view
                    </Trans>
                  </Button>
                </div>
              )}
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
      {saving && <SaveViewDialog project={project} search={search} onClose={() => setSaving(false)} />}
    </>
  );
}
