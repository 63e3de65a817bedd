import type { FastifyBaseLogger } from 'fastify';
import { nameOf } from './part.ts';
import type { Receipts } from './receipts.ts';

/** Of a crowd that falls behind at once this many are named. */
const MAX_NAMES = 20;

/** Logs who is behind, each instance once, and when everyone who is connected has caught up. */
export function logBehind(receipts: Receipts, log: FastifyBaseLogger): void {
  receipts.onBehind(({ project, environment, revision }, { behind, fresh }) => {
    const place = { project, environment, revision: revision.number };
    if (behind.length === 0) return log.info(place, 'no connected instance is behind any more');
    const instances = fresh.slice(0, MAX_NAMES).map(nameOf);
    log.warn({ ...place, behind: behind.length, instances }, 'instances are connected but stay behind');
  });
}
