import { Value } from '@sinclair/typebox/value';
import type { Cluster } from '../cluster/cluster.ts';
import { KILLS_PATH, type KillPost, KillPostAnswer, MAX_KILLS_A_POST, UnstoredKillsAnswer } from './internal-routes.ts';
import type { KillRecord } from './kill-record.ts';

/** Which other servers have a kill in force, as far as they answered. */
export interface Told {
  readonly told: number;
  readonly failed: { readonly url: string; readonly error: string }[];
}

/** Tells all other servers of a kill or re-arm at once. Never rejects. */
export async function tellPeers(cluster: Pick<Cluster, 'post'>, post: KillPost): Promise<Told> {
  const failed: Told['failed'] = [];
  const answers = await cluster.post(KILLS_PATH, post);
  for (const { peer, body, error = problemOf(body) } of answers) {
    if (error !== undefined) failed.push({ url: peer.url, error });
  }
  return { told: answers.length - failed.length, failed };
}

/** The same for any number of kills, in as many posts as they need. */
export async function tellPeersOfAll(cluster: Pick<Cluster, 'post'>, kills: readonly KillRecord[]): Promise<void> {
  for (let at = 0; at < kills.length; at += MAX_KILLS_A_POST) {
    await tellPeers(cluster, { kills: kills.slice(at, at + MAX_KILLS_A_POST), isStored: false });
  }
}

/** What other servers have in force and the database may not have. Never rejects. */
export async function unstoredOfPeers(cluster: Pick<Cluster, 'get'>): Promise<KillRecord[]> {
  const answers = await cluster.get(KILLS_PATH);
  return answers.flatMap(({ body }) => (Value.Check(UnstoredKillsAnswer, body) ? body.kills : []));
}

function problemOf(body: unknown): string | undefined {
  if (!Value.Check(KillPostAnswer, body)) return 'answered something else; is it a Bunting server of this version?';
  return body.unknown.length === 0 ? undefined : 'does not know the environment yet';
}
