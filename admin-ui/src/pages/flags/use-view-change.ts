import { t } from '@lingui/core/macro';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { flagViewsQuery } from '../../api/flag-views.ts';
import type { FlagView } from '../../api/types.ts';
import { toastDone, toastFailed } from '../../ui/toast.tsx';

interface ViewChange {
  /** @returns the view as it leaves it; undefined: there is none any more */
  readonly act: () => Promise<FlagView | undefined>;
  /** What was done, as its message says it. */
  readonly done: string;
  readonly undo: () => Promise<unknown>;
}

/** Changes a view of a list, says how that went, and has the views read anew. */
export function useViewChange(project: string, name: string) {
  const client = useQueryClient();
  return async ({ act, done, undo }: ViewChange) => {
    try {
      const left = await act();
      toastDone({ title: done, undo: () => void undoViewChange(client, project, { done, left, undo }) });
    } catch (error) {
      toastFailed({ title: t`The view "${name}" is as it was`, error });
    }
    await client.invalidateQueries({ queryKey: flagViewsQuery(project).queryKey });
  };
}

interface Undoing extends Pick<ViewChange, 'done' | 'undo'> {
  /** As the change left it; undefined: it was deleted. */
  readonly left: FlagView | undefined;
}

/** Takes a change of a view back, unless someone has changed it since. Never rejects; also when its entry has gone from the page. */
export async function undoViewChange(
  client: QueryClient,
  project: string,
  { done, left, undo }: Undoing,
): Promise<void> {
  const views = flagViewsQuery(project);
  try {
    const present = await client.fetchQuery({ ...views, staleTime: 0 });
    if (left !== undefined && present.find(({ id }) => id === left.id)?.updatedAt !== left.updatedAt) {
      return toastFailed({
        title: t`Not undone: ${done}`,
        text: t`It was changed once more since, and stays as it is now.`,
      });
    }
    await undo();
    toastDone({ title: t`Undone: ${done}` });
  } catch (error) {
    toastFailed({ title: t`Not undone: ${done}`, error });
  } finally {
    void client.invalidateQueries({ queryKey: views.queryKey });
  }
}
