import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import type { ReleaseHooks } from './release-hooks.ts';
import { ArgoQuery, FlaggerBody, FlaggerPlace, HookAnswer, HookPlace, HookSubject, ReleaseVerdict } from './schemas.ts';

const tags = ['releases'];
const HOOKS = '/projects/:project/environments/:environment/release-hooks';

export function releaseHookRoutes(app: App, hooks: ReleaseHooks): void {
  app.get(
    `${HOOKS}/argo-rollouts`,
    {
      config: { access: 'release:read' },
      schema: {
        operationId: 'judgeReleaseForArgoRollouts',
        tags,
        summary: 'What a release wants of a deploy: for the `web` metric of Argo Rollouts',
        description:
          'With jsonPath {$.verdict}, successCondition result == "successful" and failureCondition result == "failed".',
        params: HookPlace,
        querystring: ArgoQuery,
        response: responses({ 200: refTo(ReleaseVerdict) }, 401, 403, 404),
      },
    },
    (request) => hooks.judge(request.params, request.query),
  );

  app.post(
    `${HOOKS}/flagger/:hook`,
    {
      config: { access: 'release:read', takesBasic: true },
      schema: {
        operationId: 'answerFlagger',
        tags,
        summary: 'What a release wants of a canary: for the webhooks of Flagger',
        description:
          '200 is a yes, 409 a no with its reason. Flagger sends no headers of its own: the token goes into the URL, as ' +
          'https://bunting:TOKEN@host/... A post-rollout whose phase is Failed aborts the release (release:write).',
        params: FlaggerPlace,
        querystring: HookSubject,
        body: refTo(FlaggerBody),
        response: responses({ 200: refTo(HookAnswer) }, 401, 403, 404, 409),
      },
    },
    (request) => {
      const { hook, ...place } = request.params;
      return hooks.answer(callerOf(request), place, hook, request.query, request.body);
    },
  );
}
