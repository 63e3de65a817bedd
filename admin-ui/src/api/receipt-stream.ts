import type { QueryClient } from '@tanstack/react-query';
import { basePath } from '../base.ts';
import { noteAnswer } from '../connection/standing.ts';
import { refreshFlags } from './flag-cache.ts';
import { killReceiptsKey, parseKillReceipts } from './kill-receipts.ts';
import { parsePresence, presenceQuery, tab } from './presence.ts';
import { parseReceipts, receiptsKey } from './receipts.ts';
import { flagChangeKey } from './toggle.ts';
import type { KillReceipts, Receipts } from './types.ts';

/** How long a stream that was refused is left alone. */
const reopenMs = 5_000;

/**
 * Writes what the server streams about the receipts of a project's environments, and about who else is where this tab is,
 * into the cache. A revision that this page
 * did not know means that someone, somewhere, changed a flag: the flags are read anew. A page that nobody sees follows
 * nothing: browsers open six connections to a host over HTTP/1.1, and a few open tabs would leave none for requests.
 * Returns what ends it.
 */
export function followReceipts(client: QueryClient, project: string): () => void {
  let source: EventSource | undefined;
  let reopening: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    source = new EventSource(`${basePath}/api/v1/projects/${project}/receipts/stream?tab=${tab}`);
    source.addEventListener('receipts', (event: MessageEvent<string>) => {
      const told = parseReceipts(event.data);
      if (told) applyReceipts(client, project, told.environment, told.receipts);
    });
    source.addEventListener('kill', (event: MessageEvent<string>) => {
      const told = parseKillReceipts(event.data);
      if (told) applyKillReceipts(client, project, told.environment, told.receipts);
    });
    source.addEventListener('open', () => {
      // What was told while nobody listened.
      if (noteAnswer()) void client.invalidateQueries();
    });
    source.addEventListener('presence', (event: MessageEvent<string>) => {
      const others = parsePresence(event.data);
      if (others) client.setQueryData(presenceQuery(project).queryKey, others);
    });
    source.addEventListener('error', () => {
      // Who was here is not known any more.
      client.setQueryData(presenceQuery(project).queryKey, []);
      // Asking once more tells at once whether the server is gone, or whether the session has ended.
      void client.invalidateQueries({ queryKey: ['receipts', project] });
      // After a broken connection browsers come back by themselves, after a refusal (a restarting proxy's 502) they do not.
      if (source?.readyState === EventSource.CLOSED) reopening = setTimeout(followVisibility, reopenMs);
    });
  };
  const close = () => {
    clearTimeout(reopening);
    source?.close();
    source = undefined;
  };
  const followVisibility = () => {
    if (document.hidden) return close();
    if (source && source.readyState !== EventSource.CLOSED) return;
    close();
    open();
  };
  document.addEventListener('visibilitychange', followVisibility);
  followVisibility();
  return () => {
    document.removeEventListener('visibilitychange', followVisibility);
    close();
  };
}

/** Takes in one event of the stream. */
export function applyReceipts(client: QueryClient, project: string, environment: string, receipts: Receipts): void {
  const key = receiptsKey(project, environment);
  const known = client.getQueryData<Receipts>(key);
  client.setQueryData(key, receipts);
  if (known !== undefined && !sameRevision(known, receipts)) refreshUnlessChanging(client, project);
}

/** Takes in a kill event: the first of a flag, or one of another epoch, is news of its flag. */
export function applyKillReceipts(
  client: QueryClient,
  project: string,
  environment: string,
  receipts: KillReceipts,
): void {
  const key = killReceiptsKey(project, environment, receipts.flag);
  const known = client.getQueryData<KillReceipts>(key);
  client.setQueryData(key, receipts);
  if (known?.epoch !== receipts.epoch) refreshUnlessChanging(client, project);
}

/** A change of this page's own ends with a refresh; one in between would flip its switch back for a moment. */
function refreshUnlessChanging(client: QueryClient, project: string): void {
  if (client.isMutating({ mutationKey: flagChangeKey }) === 0) void refreshFlags(client, project);
}

function sameRevision(a: Receipts, b: Receipts): boolean {
  return a.revision.number === b.revision.number && a.revision.incarnation === b.revision.incarnation;
}
