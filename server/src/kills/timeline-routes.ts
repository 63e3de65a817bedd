import { EnvironmentParams } from '../environments/schemas.ts';
import type { App } from '../http/app-types.ts';
import { PageOf } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { KillTimelineSchema, TimelineParams, TimelineQuery } from './timeline-schemas.ts';
import type { Timelines } from './timelines.ts';

const tags = ['kills'];
const PLACE = '/projects/:project/environments/:environment';

export function timelineRoutes(app: App, timelines: Timelines): void {
  app.get(
    `${PLACE}/kill-timelines`,
    {
      config: { access: 'flag:read' },
      schema: {
        operationId: 'listKillTimelines',
        tags,
        summary: 'List past kills, newest first, each with how long it took to where',
        params: EnvironmentParams,
        querystring: TimelineQuery,
        response: responses({ 200: PageOf(refTo(KillTimelineSchema)) }, 401, 403, 404),
      },
    },
    ({ params, query }) => timelines.list(params, query),
  );

  app.get(
    `${PLACE}/kills/:flag/timelines/:epoch`,
    {
      // While a kill is under way it is in memory.
      config: { access: 'flag:read', withoutDatabase: true },
      schema: {
        operationId: 'getKillTimeline',
        tags,
        summary: 'How long a kill took, from what made it to the last receipt',
        description:
          'Receipts are counted over all servers until every connected instance has confirmed, for a minute at most; ' +
          'meanwhile the server that killed tells how far it is.',
        params: TimelineParams,
        response: responses({ 200: refTo(KillTimelineSchema) }, 401, 403, 404),
      },
    },
    ({ params }) => timelines.find(params, params.flag, params.epoch),
  );
}
