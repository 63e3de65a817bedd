import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { TSchema } from '@sinclair/typebox';
import Fastify, { type FastifyServerOptions } from 'fastify';
import { ApiError } from './api-error.ts';
import type { App } from './app-types.ts';
import { basePathOf, takeBasePathOffUpgrades, withoutBasePath } from './base-path.ts';
import { answerClientError, answerExpectation, HEADERS_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from './client-errors.ts';
import { answerUnroutable, handleErrors } from './handle-errors.ts';
import { acceptJsonBodies, MAX_BODY_BYTES } from './json-body.ts';
import { createSerializerCompiler } from './serialize.ts';
import { followCertificate, readCertificate, type TlsFiles } from './tls.ts';
import { createValidatorCompiler } from './validate.ts';

export interface NewAppConfig extends TlsFiles {
  readonly logLevel: string;
  readonly trustProxy: boolean | string;
  readonly publicUrl?: string | undefined;
}

export interface NewAppOptions {
  /** Those with an `$id` that routes refer to. Default: none. */
  readonly schemas?: readonly TSchema[];
  /** Where the log goes instead of stdout. */
  readonly logStream?: { write(line: string): void } | undefined;
  /** True: an answer that its schema does not describe becomes an error. */
  readonly checkResponses: boolean;
}

const EVERYONE_TRUSTED =
  'trustProxy is true: whoever reaches this server can make up the address that limits and the audit log see, by writing an ' +
  'X-Forwarded-For that the proxy only adds to. Give the addresses of your proxies instead.';

/** An HTTP server without routes that logs, checks and answers errors as all of ours do. */
export function newApp(config: NewAppConfig, { schemas = [], logStream, checkResponses }: NewAppOptions): App {
  const { logLevel, trustProxy, publicUrl } = config;
  const basePath = basePathOf(publicUrl);
  const options: FastifyServerOptions = {
    rewriteUrl: ({ url = '/' }) => withoutBasePath(url, basePath),
    logger: {
      level: logLevel,
      ...(logStream === undefined ? {} : { stream: logStream }),
      redact: ['req.headers.authorization', 'req.headers.cookie', 'res.headers["set-cookie"]'],
      serializers: {
        // The query may hold the setup token: only the path is logged.
        req: ({ method, url, ip }) => ({ method, path: url.split('?', 1)[0], address: ip }),
      },
    },
    bodyLimit: MAX_BODY_BYTES,
    trustProxy,
    genReqId: ({ headers }) => requestIdOf(headers['x-request-id']),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    frameworkErrors: answerUnroutable,
    clientErrorHandler: answerClientError,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Idle keep-alive connections end at once when the server closes; requests in flight are finished.
    forceCloseConnections: 'idle',
    // What still comes while sockets are being closed is answered as ever, and its connection closed.
    return503OnClosing: false,
  };
  const https = readCertificate(config);
  // Node would refuse a request without a Host by an answer without words: `requireHost` says them.
  const parsing = { requireHostHeader: false };
  const own = https === undefined ? { http: parsing } : { https: { ...https, ...parsing } };
  const app = Fastify({ ...options, ...own } as FastifyServerOptions) as App;
  app.server.headersTimeout = HEADERS_TIMEOUT_MS;
  app.server.on('checkExpectation', answerExpectation);
  if (trustProxy === true) app.log.warn(EVERYONE_TRUSTED);
  const stopFollowing = followCertificate(app.server, config, app.log);
  app.addHook('onClose', async () => stopFollowing());
  app.setValidatorCompiler(createValidatorCompiler(schemas));
  app.setSerializerCompiler(createSerializerCompiler(schemas, checkResponses));
  for (const schema of schemas) app.addSchema(schema);
  takeBasePathOffUpgrades(app.server, basePath);
  acceptJsonBodies(app);
  handleErrors(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    requireHost(request.raw);
  });
  return app;
}

/** As HTTP/1.1 wants it. */
function requireHost({ httpVersion, headers }: IncomingMessage): void {
  if (httpVersion !== '1.1' || headers.host !== undefined) return;
  throw new ApiError('bad_request', 'The request says not which host it is for: send the header Host.');
}

/** A caller's request id is kept, so that its logs and ours fit together; otherwise the request gets a new one. */
function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && /^[\w.:-]{1,100}$/.test(header) ? header : randomUUID();
}
