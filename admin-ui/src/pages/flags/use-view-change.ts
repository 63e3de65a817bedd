import { t } from '@lingui/core/macro';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { asApiError } from '../../api/api-error.ts';
import { flagViewsQuery } from '../../api/flag-views.ts';
import { toastDone, toastFailed } from '../../ui/toast.tsx';

interface Done {
  readonly title: string;
  readonly undo?: () => void;
}

/** Changes a view of a list, as `changeView` does. */
export function useViewChange(project: string, name: string) {
  const client = useQueryClient();
  return (act: () => Promise<unknown>, done?: Done) => changeView(client, project, name, act, done);
}

/** Changes a view, says how that went, and has the views read anew; also when its entry has gone from the page by then. */
export async function changeView(
  client: QueryClient,
  project: string,
  name: string,
  act: () => Promise<unknown>,
  done?: Done,
): Promise<void> {
  try {
    await act();
    if (done) toastDone(done);
  } catch (error) {
    toastFailed({ title: t`The view "${name}" is as it was`, text: asApiError(error).message });
  }
  await client.invalidateQueries({ queryKey: flagViewsQuery(project).queryKey });
}
