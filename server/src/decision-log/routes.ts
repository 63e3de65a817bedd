import { callerOf } from '../access/guard.ts';
import type { Actor } from '../audit/actor.ts';
import { ApiError } from '../http/api-error.ts';
import type { App } from '../http/app-types.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { specOf } from '../releases/release.ts';
import { ReleaseParams } from '../releases/schemas.ts';
import type { Releases } from '../releases/service.ts';
import { inSnapshot } from '../store/snapshot.ts';
import type { Database } from '../store/tables.ts';
import { readAudit, readDecisions, readRuns } from './export-release.ts';
import { ReleaseExportSchema } from './schemas.ts';

export interface DecisionLogDependencies {
  readonly database: Database;
  readonly releases: Pick<Releases, 'find'>;
  readonly now: () => number;
}

export function decisionLogRoutes(app: App, { database, releases, now }: DecisionLogDependencies): void {
  app.get(
    '/projects/:project/releases/:release/export',
    {
      config: { access: 'release:read' },
      schema: {
        operationId: 'exportRelease',
        tags: ['releases'],
        summary: 'A release with all that was decided about it, for `bunting release verify`',
        description:
          'Every decision with what it was made of, and its hash in the audit log: it can be made again without the server.',
        params: ReleaseParams,
        response: responses({ 200: refTo(ReleaseExportSchema) }, 401, 403, 404),
      },
    },
    async (request) => {
      const { project } = request.params;
      const release = await releases.find(request.params);
      const mayAudit = callerOf(request).can('audit:read', { project });
      const { decisions, gates, audit } = await inSnapshot(database, async (tx) => ({
        decisions: await readDecisions(tx, release.id),
        gates: await readRuns(tx, release.id),
        audit: mayAudit ? await readAudit(tx, project, release.id) : null,
      }));
      if (decisions.length === 0 && release.version > 1) {
        throw new ApiError(
          'not_found',
          `What was decided about release "${release.id}" is forgotten: it ended longer ago than BUNTING_RELEASE_RETENTION_DAYS.`,
        );
      }
      return {
        format: 'bunting-release' as const,
        version: 1 as const,
        at: toTimestamp(now()),
        release: {
          ...{ id: release.id, title: release.title, project, environment: release.environment },
          createdBy: JSON.parse(release.created_by) as Actor,
          createdAt: toTimestamp(release.created_at),
        },
        spec: specOf(release),
        decisions,
        gates,
        audit,
      };
    },
  );
}
