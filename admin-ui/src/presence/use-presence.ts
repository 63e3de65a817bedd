import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { enterPage, leavePage, type Present, presenceQuery, type Whereabouts } from '../api/presence.ts';

/** The server forgets who has said nothing for 20 s. */
const sayAgainMs = 8_000;

/** Says where this tab is for as long as it is looked at, and who else is there. */
export function usePresence(project: string, { kind, key, environment, editing }: Whereabouts): readonly Present[] {
  const { data } = useQuery(presenceQuery(project));
  useEffect(() => {
    const where = { kind, key, editing, ...(environment !== undefined && { environment }) };
    const say = () => (document.hidden ? leavePage(project) : enterPage(project, where));
    const leave = () => leavePage(project);
    say();
    const timer = setInterval(() => {
      if (!document.hidden) enterPage(project, where);
    }, sayAgainMs);
    document.addEventListener('visibilitychange', say);
    window.addEventListener('pagehide', leave);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', say);
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, [project, kind, key, environment, editing]);
  return data;
}
