import { Type } from '@sinclair/typebox';
import { notFound } from '../http/api-error.ts';
import type { App } from '../http/app-types.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { answerPeer } from './peer-answer.ts';
import { readPeerQuestion } from './peer-question.ts';
import type { Receipts } from './receipts.ts';

/** What this server's instances run, for the other servers. */
export function receiptInternalRoutes(app: App, receipts: Receipts, rulesets: Rulesets): void {
  app.get(
    '/receipts/:environmentId',
    {
      logLevel: 'warn',
      schema: {
        hide: true,
        params: Type.Object({ environmentId: Type.String() }, { additionalProperties: false }),
        querystring: Type.Object({ ask: Type.String({ maxLength: 10_000 }) }, { additionalProperties: false }),
      },
    },
    async ({ params, query }) => {
      const ruleset = rulesets.get(params.environmentId);
      if (ruleset === undefined) throw notFound(`environment ${params.environmentId} on this server`);
      return answerPeer(receipts.rollOf(ruleset), readPeerQuestion(query.ask));
    },
  );
}
