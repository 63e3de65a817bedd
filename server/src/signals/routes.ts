import { type TSchema, Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { PageOf } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { IfMatchHeader, readIfMatch } from '../http/version-tags.ts';
import {
  NewSignalSourceSchema,
  SignalSecretInput,
  SignalSecretSchema,
  SignalSourceInput,
  SignalSourcePatch,
  SignalSourceSchema,
  SourceParams,
  SourceQuery,
} from './schemas.ts';
import { setUpOf } from './set-up.ts';
import type { ShownSource, SignalSources } from './sources.ts';

const tags = ['signals'];
const READ = { access: 'signal:read', anywhere: true } as const;
const WRITE = { access: 'safeguard:write', anywhere: true } as const;
const SOURCES = '/signal-sources';
const SOURCE = `${SOURCES}/:source`;

const describe = <const P extends TSchema>(operationId: string, summary: string, params: P) => ({
  operationId,
  tags,
  summary,
  params,
});

/** From what address a request came, as far as it is known. */
interface Asked {
  readonly protocol: string;
  readonly host: string;
}

/** @param publicUrl undefined: as the request says */
export function signalSourceRoutes(app: App, sources: SignalSources, publicUrl: string | undefined): void {
  const urlOf = (key: string, { protocol, host }: Asked) => `${publicUrl ?? `${protocol}://${host}`}/signals/${key}`;
  const show = <T extends ShownSource & { readonly secret?: string | null }>(source: T, asked: Asked) => {
    const url = urlOf(source.key, asked);
    return { ...source, url, setUp: [...setUpOf(source.vendor, url, source.secret ?? undefined)] };
  };

  app.get(
    SOURCES,
    {
      config: READ,
      schema: {
        operationId: 'listSignalSources',
        tags,
        summary: 'List who may send signals, by key: those of the installation and of the projects that you may read',
        querystring: SourceQuery,
        response: responses({ 200: PageOf(refTo(SignalSourceSchema)) }, 401, 403, 404),
      },
    },
    async (request) => {
      const page = await sources.list(callerOf(request), request.query);
      return { ...page, items: page.items.map((source) => show(source, request)) };
    },
  );

  app.post(
    SOURCES,
    {
      config: WRITE,
      schema: {
        operationId: 'createSignalSource',
        tags,
        summary: 'Let a vendor send signals, of one project or of the installation',
        description: 'The answer says what to type into the vendor, with its secret, which is shown only once.',
        body: refTo(SignalSourceInput),
        response: responses({ 201: refTo(NewSignalSourceSchema) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) =>
      reply.code(201).send(show(await sources.create(callerOf(request), request.body), request)),
  );

  app.get(
    SOURCE,
    {
      config: READ,
      schema: {
        ...describe('getSignalSource', 'Get a source, with what to type into the vendor', SourceParams),
        response: responses({ 200: refTo(SignalSourceSchema) }, 401, 403, 404),
      },
    },
    async (request) => show(await sources.get(callerOf(request), request.params.source), request),
  );

  app.patch(
    SOURCE,
    {
      config: WRITE,
      schema: {
        ...describe('updateSignalSource', 'Change what the signals of a source may do', SourceParams),
        headers: IfMatchHeader,
        body: refTo(SignalSourcePatch),
        response: responses({ 200: refTo(SignalSourceSchema) }, 401, 403, 404, 412),
      },
    },
    async (request) => {
      const ifVersion = readIfMatch(request.headers['if-match']);
      const { source } = request.params;
      return show(await sources.update(callerOf(request), source, request.body, ifVersion), request);
    },
  );

  app.delete(
    SOURCE,
    {
      config: WRITE,
      schema: {
        ...describe(
          'deleteSignalSource',
          'Refuse what a source sends from now on, and forget what it sent',
          SourceParams,
        ),
        response: responses({ 204: Type.Null({ description: 'Deleted' }) }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      await sources.remove(callerOf(request), request.params.source);
      return reply.code(204).send(null);
    },
  );

  app.post(
    `${SOURCE}/rotate-secret`,
    {
      config: WRITE,
      schema: {
        ...describe('rotateSignalSecret', 'Make a new secret, or give the one that the vendor made', SourceParams),
        description: 'The one before is believed, too, for a while, so that the vendor can be told in peace.',
        body: refTo(SignalSecretInput),
        response: responses({ 200: refTo(SignalSecretSchema) }, 401, 403, 404, 409),
      },
    },
    async (request) => {
      const { source } = request.params;
      const { vendor, ...told } = await sources.rotateSecret(callerOf(request), source, request.body);
      return { ...told, setUp: [...setUpOf(vendor, urlOf(source, request), told.secret ?? undefined)] };
    },
  );
}
