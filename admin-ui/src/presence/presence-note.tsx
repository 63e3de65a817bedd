import { t } from '@lingui/core/macro';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Users } from 'lucide-react';
import type { Whereabouts } from '../api/presence.ts';
import { projectQuery } from '../api/projects.ts';
import { presenceSentence } from './presence-sentence.ts';
import { usePresence } from './use-presence.ts';

interface PresenceNoteProps {
  project: string;
  at: Omit<Whereabouts, 'editing'>;
  /** Something is changed here and not saved. */
  editing: boolean;
}

/** Says who else is on this page, and tells them of whoever looks at it. Takes no room while nobody is. */
export function PresenceNote({ project, at, editing }: PresenceNoteProps) {
  const others = usePresence(project, { ...at, editing });
  const { data } = useSuspenseQuery(projectQuery(project));
  const nameOf = (key: string) => data.environments.find((environment) => environment.key === key)?.name ?? key;
  const sentence = presenceSentence(others, at.kind, nameOf);
  const isEdited = others.some(({ editing }) => editing);
  return (
    <div role="status" aria-label={t`Who else is here`} className="empty:hidden">
      {sentence && (
        <p
          className={
            isEdited
              ? 'flex items-center gap-2 rounded-sm border border-line bg-highlight px-3 py-1.5 text-ink'
              : 'flex items-center gap-2 text-ink-2 text-xs'
          }
        >
          <Users aria-hidden className="size-3.75 shrink-0 text-ink-3" />
          <span dir="auto" className="min-w-0 break-words">
            {sentence}
          </span>
        </p>
      )}
    </div>
  );
}
