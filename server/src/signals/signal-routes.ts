import type { TSchema } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { ErrorBody } from '../http/error-schema.ts';
import { PageOf } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { SourceParams } from './schemas.ts';
import {
  ConfirmedSchema,
  SampleSignalInput,
  SignalParams,
  SignalQuery,
  SignalSchema,
  TriedSignalSchema,
  WholeSignalSchema,
} from './signal-schemas.ts';
import type { Signals } from './signals.ts';

const tags = ['signals'];
const READ = { access: 'signal:read', anywhere: true } as const;
const WRITE = { access: 'safeguard:write', anywhere: true } as const;
const SIGNALS = '/signal-sources/:source/signals';
const SIGNAL = `${SIGNALS}/:signal`;

const describe = <const P extends TSchema>(operationId: string, summary: string, params: P) => ({
  operationId,
  tags,
  summary,
  params,
});

const tried = {
  ...responses({ 200: refTo(TriedSignalSchema) }, 401, 403, 404, 409),
  422: { ...refTo(ErrorBody), description: 'It is not of the form that the vendor sends' },
};

export function signalRoutes(app: App, signals: Signals): void {
  app.get(
    SIGNALS,
    {
      config: READ,
      schema: {
        ...describe(
          'listSignals',
          'List what a source sent, what matched and what came of it, newest first',
          SourceParams,
        ),
        querystring: SignalQuery,
        response: responses({ 200: PageOf(refTo(SignalSchema)) }, 401, 403, 404),
      },
    },
    (request) => signals.list(callerOf(request), request.params.source, request.query),
  );

  app.get(
    SIGNAL,
    {
      config: READ,
      schema: {
        ...describe('getSignal', 'Get a signal, with its body as it came', SignalParams),
        response: responses({ 200: refTo(WholeSignalSchema) }, 401, 403, 404),
      },
    },
    (request) => signals.get(callerOf(request), request.params.source, request.params.signal),
  );

  app.post(
    `${SIGNAL}/evaluate`,
    {
      config: READ,
      schema: {
        ...describe('evaluateSignal', 'Say what a signal would lead to if it came now, and why not', SignalParams),
        description: 'Nothing is done, and nothing recorded.',
        response: tried,
      },
    },
    (request) => signals.evaluate(callerOf(request), request.params.source, request.params.signal),
  );

  app.post(
    `${SIGNAL}/confirm`,
    {
      config: WRITE,
      schema: {
        ...describe('confirmSubscription', 'Tell SNS that the topic may send here', SignalParams),
        description: 'Of a SubscriptionConfirmation that came within the last 3 days.',
        response: responses({ 200: ConfirmedSchema }, 401, 403, 404, 409),
      },
    },
    (request) => signals.confirm(callerOf(request), request.params.source, request.params.signal),
  );

  app.post(
    '/signal-sources/:source/sample',
    {
      config: READ,
      schema: {
        ...describe('trySignal', 'Say what a message with these labels, or this body, would lead to', SourceParams),
        description: 'In the form of the vendor, as if it came now. Nothing is done, and nothing recorded.',
        body: refTo(SampleSignalInput),
        response: tried,
      },
    },
    (request) => signals.try(callerOf(request), request.params.source, request.body),
  );
}
