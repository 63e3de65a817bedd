import { type Static, Type } from '@sinclair/typebox';
import type { Relay } from './relay.ts';

const Nullable = <T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Number>>(type: T) =>
  Type.Union([type, Type.Null()]);
const literals = <T extends string>(...values: T[]) => Type.Union(values.map((value) => Type.Literal(value)));

export const RelayReadinessSchema = Type.Object(
  {
    status: literals('starting', 'ready', 'degraded', 'draining'),
    dataAgeMs: Type.Union([Type.Number(), Type.Null()], {
      description: 'How long ago the origin confirmed the oldest of the data; null while there is none',
    }),
    environments: Type.Array(
      Type.Object(
        {
          project: Nullable(Type.String()),
          environment: Nullable(Type.String()),
          revision: Nullable(Type.Number()),
          dataAgeMs: Nullable(Type.Number()),
          upstream: literals('live', 'lost', 'refused'),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type RelayReadiness = Static<typeof RelayReadinessSchema>;

/** Data that is older than this is not the upstream's newest, even though it answers: it may have lost its own. */
const STALE_AFTER_MS = 60_000;

/**
 * Whether SDKs should come here. A relay that has lost its upstream goes on serving what it has. One that knows nothing
 * yet of an environment must not be asked: it would send its SDKs away.
 */
export function readinessOf(relay: Relay, isDraining: boolean): RelayReadiness {
  const environments = [...relay.environments].map(({ ruleset, age, isLive, isRefused }) => ({
    project: ruleset?.project ?? null,
    environment: ruleset?.environment ?? null,
    revision: ruleset?.revision.number ?? null,
    dataAgeMs: age.ms === undefined ? null : Math.round(age.ms),
    upstream: isLive ? ('live' as const) : isRefused ? ('refused' as const) : ('lost' as const),
  }));
  const { dataAgeMs } = relay;
  const isFresh = (dataAgeMs ?? 0) <= STALE_AFTER_MS && environments.every(({ upstream }) => upstream === 'live');
  const hasData = relay.keys.isComplete && dataAgeMs !== undefined;
  const status = isDraining ? 'draining' : !hasData ? 'starting' : isFresh ? 'ready' : 'degraded';
  return { status, dataAgeMs: dataAgeMs === undefined ? null : Math.round(dataAgeMs), environments };
}
