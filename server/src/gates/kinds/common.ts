import { Type } from '@sinclair/typebox';
import { oneOf } from '../../http/literals.ts';

/** Of every kind of gate. */
export const common = {
  name: Type.String({ minLength: 1, maxLength: 100, description: 'Another one than those beside it have' }),
  onFailure: Type.Optional(
    Type.Unsafe<'hold' | 'pause' | 'abort' | 'rollback'>(
      Type.Union(
        (['hold', 'pause', 'abort', 'rollback'] as const).map((word) => Type.Literal(word)),
        {
          description:
            'abort unless given. hold: the stage does not end, and goes on when the gate recovers; pause: until a person ' +
            'resumes; abort and rollback: back to baseline',
        },
      ),
    ),
  ),
  onInconclusive: Type.Optional(
    Type.Unsafe<'hold' | 'pass' | 'abort'>(
      Type.Union(
        (['hold', 'pass', 'abort'] as const).map((word) => Type.Literal(word)),
        { description: 'When the time of the stage is over (maxSeconds) and it is still not known. hold unless given' },
      ),
    ),
  ),
  onProviderLoss: Type.Optional(
    Type.Object(
      {
        afterSeconds: Type.Integer({ minimum: 1, maximum: 7 * 86_400 }),
        // Named as people say it; nobody awaits a gate.
        // biome-ignore lint/suspicious/noThenProperty: data, which is never awaited as a promise
        then: oneOf('hold', 'pause', 'abort'),
      },
      {
        additionalProperties: false,
        description:
          'When what it asks cannot be asked for so long. Without it the stage holds for as long as it takes',
      },
    ),
  ),
  dryRun: Type.Optional(
    Type.Boolean({ description: 'It is judged, and says what it would have asked for, which is not done' }),
  ),
  everySeconds: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 3_600, description: 'How often it measures; each kind has a default' }),
  ),
};

/** Of kinds that look at how something is now, again and again. */
export const steady = {
  failAfter: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, description: 'So many bad ones in a row fail it. 3 unless given' }),
  ),
  passAfter: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, description: 'So many good ones in a row pass it. 3 unless given' }),
  ),
};

/** PromQL. @param meaning of what, where it is not clear */
export const query = (meaning = 'PromQL that gives one number') =>
  Type.String({
    minLength: 1,
    maxLength: 4_000,
    description: `${meaning}. $candidate and $baseline stand for the deploy versions of the release, $step for how often it is asked`,
  });

export const closed = { additionalProperties: false } as const;
