import { Type } from '@sinclair/typebox';
import { Key } from '../http/key-schema.ts';
import { oneOf } from '../http/literals.ts';
import { compileValidator } from '../http/validate.ts';
import type { ExposureSeries } from './exposure-counts.ts';

/** What one server asks another about a flag. */
export const PeerQuery = Type.Object(
  { environment: Type.String({ maxLength: 200 }), flag: Key, span: oneOf('hour', 'day') },
  { additionalProperties: false },
);

/** What a server knows of a flag's exposures. */
export interface PeerExposures {
  readonly sinceMs: number;
  readonly series: readonly ExposureSeries[];
}

const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** Newer servers may say more. */
const answers = compileValidator<PeerExposures>(
  Type.Object({
    sinceMs: Type.Number({ minimum: 0, maximum: 8.64e15 }),
    series: Type.Array(
      Type.Object({
        variant: Type.String({ maxLength: 200 }),
        source: oneOf('servers', 'pages'),
        counts: Type.Array(Type.Tuple([Count, Count]), { maxItems: 1_000 }),
      }),
      { maxItems: 1_000 },
    ),
  }),
);

/** Undefined when it is none, as of older servers. */
export function readPeer(body: unknown): PeerExposures | undefined {
  return answers.is(body) ? body : undefined;
}
