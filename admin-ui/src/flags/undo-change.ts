import { t } from '@lingui/core/macro';
import type { QueryClient } from '@tanstack/react-query';
import { asApiError, isUnanswered } from '../api/api-error.ts';
import { refreshFlags, updateCachedFlag } from '../api/flag-cache.ts';
import { patchEnvironment } from '../api/flags.ts';
import { flagChangeKey } from '../api/toggle.ts';
import type { Environment, Flag } from '../api/types.ts';
import { toastDone, toastFailed } from '../ui/toast.tsx';

interface Undoing {
  /** What was done, as its message said it: "checkout is off in Staging". */
  readonly done: string;
  /** The inverse change: refused when it does not follow the version that the change made. */
  readonly act: () => Promise<Flag>;
}

/** The server's words for: what is there now is not what the change made of it. */
const overtaken: ReadonlySet<string> = new Set(['version_mismatch', 'edit_conflict']);

/**
 * Takes a change back by a change of its own, which is checked and audited as any other. Where someone has changed the
 * same since, theirs stays, and the message says so. Never rejects.
 */
export async function undoChange(client: QueryClient, project: string, { done, act }: Undoing): Promise<void> {
  const undoing = client.getMutationCache().build(client, { mutationKey: [...flagChangeKey, 'undo'], mutationFn: act });
  try {
    const flag = await undoing.execute(undefined);
    updateCachedFlag(client, project, flag.key, () => flag);
    toastDone({ title: t`Undone: ${done}` });
  } catch (thrown) {
    const error = asApiError(thrown);
    const what = isUnanswered(error) ? t`It is not known whether this was undone` : t`Not undone`;
    const title = `${what}: ${done}`;
    if (!overtaken.has(error.code)) toastFailed({ title, error });
    else toastFailed({ title, text: t`It was changed once more since, and stays as it is now.` });
  } finally {
    void refreshFlags(client, project);
  }
}

/** Why, for the audit trail, of a change that takes another one back. */
export function undoComment(done: string): string {
  return t`Undo: ${done}`.slice(0, 1_000);
}

interface Toggled {
  /** As the toggle left it. */
  readonly flag: Flag;
  readonly environment: Environment;
  readonly enabled: boolean;
}

/** What takes a toggle back. Undefined where it cannot be said what the toggle left. */
export function undoToggle(
  client: QueryClient,
  project: string,
  { flag, environment, enabled }: Toggled,
  done: string,
): (() => void) | undefined {
  const version = flag.environments[environment.key]?.version;
  if (version === undefined) return undefined;
  const act = async () => {
    const body = { enabled: !enabled };
    return (await patchEnvironment(project, flag.key, environment.key, version, body, undoComment(done))).flag;
  };
  return () => void undoChange(client, project, { done, act });
}
