import type { Kill } from '@bunting/core';
import { Type } from '@sinclair/typebox';
import { ApiError } from '../http/api-error.ts';
import { compileValidator } from '../http/validate.ts';
import type { ListRequest } from './list.ts';
import type { Question } from './question.ts';

/** What a server asks another about an environment. */
export interface PeerQuestion {
  readonly question: Question;
  /** Asks for instances by name too. */
  readonly list: ListRequest | null;
  /** Asks which kind each instance is of. Servers of earlier versions do not hear it. */
  readonly kinds?: boolean;
}

const Text = Type.String({ maxLength: 200 });
const KillSchema = Type.Unsafe<Kill>(Type.Object({ flag: Text, epoch: Type.Integer(), engaged: Type.Boolean() }));

const questions = compileValidator<PeerQuestion>(
  Type.Object({
    question: Type.Object({ incarnation: Text, number: Type.Integer(), kill: Type.Union([KillSchema, Type.Null()]) }),
    list: Type.Union([
      Type.Object({
        list: Type.Union([Type.Literal('instances'), Type.Literal('stragglers')]),
        after: Type.Union([Type.Array(Text, { maxItems: 2 }), Type.Null()]),
        limit: Type.Integer({ minimum: 1, maximum: 1_000 }),
        behind: Type.Optional(Type.Boolean()),
        app: Type.Optional(Text),
        version: Type.Optional(Text),
        sdk: Type.Optional(Type.String({ maxLength: 401 })),
        key: Type.Optional(Text),
        relay: Type.Optional(Text),
        search: Type.Optional(Text),
      }),
      Type.Null(),
    ]),
    kinds: Type.Optional(Type.Boolean()),
  }),
);

export function toQuery(question: PeerQuestion): string {
  return new URLSearchParams({ ask: JSON.stringify(question) }).toString();
}

/** @throws {ApiError} when it is not such a question */
export function readPeerQuestion(text: string): PeerQuestion {
  let question: unknown;
  try {
    question = JSON.parse(text);
  } catch {
    // Said below: it is not such a question either way.
  }
  if (questions.is(question)) return question;
  throw new ApiError('bad_request', 'This server does not understand what it was asked: upgrade the older of the two.');
}
