import { callerOf } from '../access/guard.ts';
import { FlagEditsInput, TargetingEditsInput } from '../edits/schemas.ts';
import { notFound } from '../http/api-error.ts';
import type { App } from '../http/app-types.ts';
import { refTo } from '../http/ref.ts';
import { responses, UNCHANGED } from '../http/responses.ts';
import { IfMatchHeader, readIfMatch, sendTagged } from '../http/version-tags.ts';
import type { Kills } from '../kills/kills.ts';
import { ProjectParams } from '../projects/schemas.ts';
import type { Flag } from './flag.ts';
import {
  FlagChange,
  FlagEnvironmentParams,
  FlagEnvironmentPatch,
  FlagEnvironmentSchema,
  FlagInput,
  FlagPage,
  FlagParams,
  FlagPatch,
  FlagQuery,
  FlagSchema,
} from './schemas.ts';
import type { Flags } from './service.ts';
import { showKilled } from './show-killed.ts';
import type { FlagTargeting } from './targeting-service.ts';

const tags = ['flags'];

export function flagRoutes(app: App, flags: Flags, targeting: FlagTargeting, kills: Kills): void {
  const show = (project: string, flag: Flag) => showKilled(kills, project, flag);

  app.get(
    '/projects/:project/flags',
    {
      config: { access: 'flag:read' },
      schema: {
        operationId: 'listFlags',
        tags,
        summary: 'List flags: search, filter and sort them',
        params: ProjectParams,
        querystring: FlagQuery,
        response: responses({ 200: FlagPage }, 401, 403, 404),
      },
    },
    async (request) => {
      const { project } = request.params;
      const page = await flags.list(project, request.query);
      return { ...page, items: page.items.map((flag) => show(project, flag)) };
    },
  );

  app.post(
    '/projects/:project/flags',
    {
      config: { access: 'flag:write' },
      schema: {
        operationId: 'createFlag',
        tags,
        summary: 'Create a flag',
        description: 'It is off in every environment at first.',
        params: ProjectParams,
        body: refTo(FlagInput),
        response: responses({ 201: refTo(FlagSchema) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) => {
      const { project } = request.params;
      return reply.code(201).send(show(project, await flags.create(callerOf(request), project, request.body)));
    },
  );

  app.get(
    '/projects/:project/flags/:flag',
    {
      config: { access: 'flag:read' },
      schema: {
        operationId: 'getFlag',
        tags,
        summary: 'Get a flag',
        description: 'Carries an ETag; with If-None-Match an unchanged flag is answered by 304.',
        params: FlagParams,
        response: responses({ 200: refTo(FlagSchema), 304: UNCHANGED }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const { project } = request.params;
      const flag = show(project, await flags.get(project, request.params.flag));
      return sendTagged(request, reply, flag, tagOf(flag));
    },
  );

  app.patch(
    '/projects/:project/flags/:flag',
    {
      config: { access: 'flag:write' },
      schema: {
        operationId: 'updateFlag',
        tags,
        summary: 'Change what a flag is in all environments',
        params: FlagParams,
        headers: IfMatchHeader,
        body: refTo(FlagPatch),
        response: responses({ 200: refTo(FlagSchema) }, 401, 403, 404, 409, 412),
      },
    },
    async (request) => {
      const { project, flag } = request.params;
      const ifVersion = readIfMatch(request.headers['if-match']);
      return show(project, await flags.update(callerOf(request), project, flag, request.body, ifVersion));
    },
  );

  app.post(
    '/projects/:project/flags/:flag/edits',
    {
      config: { access: 'flag:write' },
      schema: {
        operationId: 'editFlag',
        tags,
        summary: 'Apply edits to what a flag is in all environments',
        description: 'All or none. What they do not name stays as it is, so If-Match is not needed.',
        params: FlagParams,
        headers: IfMatchHeader,
        body: refTo(FlagEditsInput),
        response: responses({ 200: refTo(FlagSchema) }, 401, 403, 404, 409, 412),
      },
    },
    async (request) => {
      const { params, body, headers } = request;
      const ifVersion = readIfMatch(headers['if-match']);
      return show(
        params.project,
        await flags.edit(callerOf(request), params.project, params.flag, body.edits, ifVersion),
      );
    },
  );

  for (const [action, isArchived] of [
    ['archive', true],
    ['restore', false],
  ] as const) {
    app.post(
      `/projects/:project/flags/:flag/${action}`,
      {
        config: { access: 'flag:archive' },
        schema: {
          operationId: `${action}Flag`,
          tags,
          summary: isArchived ? 'Take a flag out of every environment' : 'Bring an archived flag back as it was',
          description: isArchived
            ? 'Refused (409) while other flags depend on it, or a release under way moves it.'
            : 'Refused (409) while flags that it depends on are archived.',
          params: FlagParams,
          headers: IfMatchHeader,
          response: responses({ 200: refTo(FlagSchema) }, 401, 403, 404, 409, 412),
        },
      },
      async (request) => {
        const { project, flag } = request.params;
        const ifVersion = readIfMatch(request.headers['if-match']);
        return show(project, await flags.setArchived(callerOf(request), project, flag, isArchived, ifVersion));
      },
    );
  }

  app.get(
    '/projects/:project/flags/:flag/environments/:environment',
    {
      config: { access: 'flag:read' },
      schema: {
        operationId: 'getFlagEnvironment',
        tags,
        summary: 'Get what a flag is in one environment',
        description: 'Its ETag goes as If-Match with a change of it.',
        params: FlagEnvironmentParams,
        response: responses({ 200: refTo(FlagEnvironmentSchema), 304: UNCHANGED }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const { project, flag: key, environment } = request.params;
      const { environments } = show(project, await flags.get(project, key));
      const shown = Object.hasOwn(environments, environment) ? environments[environment] : undefined;
      if (shown === undefined) throw notFound(`environment "${environment}" in project "${project}"`);
      const { version, killed } = shown;
      const kill = killed === undefined ? '' : `${killed.epoch}${killed.stored ? '' : '!'}`;
      return sendTagged(request, reply, shown, [version, kill]);
    },
  );

  app.patch(
    '/projects/:project/flags/:flag/environments/:environment',
    {
      config: { access: 'targeting:write' },
      schema: {
        operationId: 'updateFlagEnvironment',
        tags,
        summary: 'Change what a flag is in one environment',
        description: 'What changes nothing commits nothing, and answers the current revision.',
        params: FlagEnvironmentParams,
        headers: IfMatchHeader,
        body: refTo(FlagEnvironmentPatch),
        response: responses({ 200: refTo(FlagChange) }, 401, 403, 404, 409, 412),
      },
    },
    async (request) => {
      const { params, body, headers } = request;
      const change = await targeting.update(callerOf(request), params, body, readIfMatch(headers['if-match']));
      return { ...change, flag: show(params.project, change.flag) };
    },
  );

  app.post(
    '/projects/:project/flags/:flag/environments/:environment/edits',
    {
      config: { access: 'targeting:write' },
      schema: {
        operationId: 'editFlagEnvironment',
        tags,
        summary: 'Apply edits to a flag in one environment',
        description:
          'All or none, as one revision. Edits name what they mean, so If-Match is not needed: those of several people ' +
          'go together, and one that does not go with what is there any more is refused (409 edit_conflict).',
        params: FlagEnvironmentParams,
        headers: IfMatchHeader,
        body: refTo(TargetingEditsInput),
        response: responses({ 200: refTo(FlagChange) }, 401, 403, 404, 409, 412),
      },
    },
    async (request) => {
      const { params, body, headers } = request;
      const change = await targeting.edit(callerOf(request), params, body.edits, readIfMatch(headers['if-match']));
      return { ...change, flag: show(params.project, change.flag) };
    },
  );
}

/** Changes with the flag, with what it is in any environment (versions only grow), and with its kills. */
function tagOf({ version, environments }: Flag): (string | number)[] {
  const all = Object.values(environments);
  const versions = all.reduce((sum, environment) => sum + environment.version, 0);
  const kills = all.map(({ killed }) => (killed === undefined ? '' : `${killed.epoch}${killed.stored ? '' : '!'}`));
  return [version, versions, kills.join('.')];
}
