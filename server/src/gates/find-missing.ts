import { checkUrl, EgressRefused } from '../egress/send.ts';
import type { Problem } from '../http/api-error.ts';
import { findWebhook } from '../webhooks/repository.ts';
import { type Gated, placesOfGates } from './check-gates.ts';
import type { Gate, GateOf, GateSubject } from './gate.ts';
import type { Means } from './measuring/look.ts';
import { fillUrl } from './measuring/queries.ts';

/** What gates ask that is not there, or that this server may not ask; with the place and the fix. */
export async function findMissing(
  release: Pick<Gated, 'stages' | 'watch'>,
  subject: Pick<GateSubject, 'traffic'>,
  projectId: string,
  means: Pick<Means, 'database' | 'policy' | 'jobs'>,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { gate, path } of placesOfGates(release)) {
    for (const { path: field, message } of await findMissingOf(gate, subject, projectId, means)) {
      problems.push({ path: `${path}.${field}`, message });
    }
  }
  return problems;
}

async function findMissingOf(
  gate: Gate,
  subject: Pick<GateSubject, 'traffic'>,
  projectId: string,
  { database, policy, jobs }: Pick<Means, 'database' | 'policy' | 'jobs'>,
): Promise<Problem[]> {
  if (gate.kind === 'http') return findRefused(gate, subject, policy);
  if (gate.kind !== 'job') return [];
  if (gate.run.kind === 'command') {
    const why = jobs.explainCommand(gate.run.command);
    return why === undefined ? [] : [{ path: 'run.command', message: `cannot be run: ${why}` }];
  }
  const row = await findWebhook(database, projectId, gate.run.webhook);
  if (row === undefined) return [{ path: 'run.webhook', message: 'is no webhook of the project: make it first' }];
  return row.format === 'standard'
    ? []
    : [{ path: 'run.webhook', message: 'must be a webhook of format standard, whose answer can be read' }];
}

function findRefused(
  { urls }: GateOf<'http'>,
  subject: Pick<GateSubject, 'traffic'>,
  policy: Means['policy'],
): Problem[] {
  return urls.flatMap((url, at) => {
    try {
      checkUrl(policy, fillUrl(url, subject));
      return [];
    } catch (error) {
      if (!(error instanceof EgressRefused)) throw error;
      return [{ path: `urls[${at}]`, message: error.message }];
    }
  });
}
