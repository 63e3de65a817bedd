import { t } from '@lingui/core/macro';
import * as z from 'zod/mini';
import { migrationPhaseNames } from '../../releases/migration-phases.ts';
import type { ReleaseSpec } from '../../releases/release-spec.ts';
import { strategies } from '../../releases/strategy.ts';
import { formErrors } from '../../ui/form-errors.ts';

/*
 * No more than the form needs to show a release that was written as JSON, or was kept: the server, which judges it as it is
 * typed, says the rest with its place.
 */
const text = z.string({ error: () => t`must be a text` });
const count = z
  .int({ error: () => t`must be a whole number` })
  .check(z.nonnegative({ error: () => t`must be 0 or more` }));
const counts = z.looseObject({
  kind: z.enum(['flag', 'mismatches', 'traffic', 'prometheus'], {
    error: () => t`must be flag, mismatches, traffic or prometheus`,
  }),
  candidate: z.optional(z.looseObject({ total: text, bad: text })),
  baseline: z.optional(z.looseObject({ total: text, bad: text })),
});
const common = { name: text, onProviderLoss: z.optional(z.looseObject({ afterSeconds: count })) };
const test = z.looseObject({
  kind: z.enum(['relative_risk', 'placebo_rank', 'latency', 'ceiling', 'crash'], {
    error: () => t`is no test of a gate`,
  }),
  alpha: z.number(),
  thresholdsMs: z.optional(z.array(z.number())),
});

const gate = z.discriminatedUnion(
  'kind',
  [
    z.looseObject({
      ...{ kind: z.literal('http'), ...common, urls: z.array(text) },
      says: z.optional(z.array(z.looseObject({ path: text }))),
    }),
    z.looseObject({ kind: z.literal('prometheus'), ...common, source: text, query: text }),
    z.looseObject({ kind: z.literal('sequential'), ...common, test, of: counts }),
    z.looseObject({ kind: z.literal('burn_rate'), ...common, objective: z.number(), of: counts }),
    z.looseObject({ kind: z.literal('sample_ratio'), ...common }),
    z.looseObject({ kind: z.literal('mann_whitney'), ...common, source: text, query: text, baseline: text }),
    z.looseObject({ kind: z.literal('migration'), ...common }),
    z.looseObject({
      ...{ kind: z.literal('job'), ...common },
      run: z.looseObject({ kind: z.enum(['webhook', 'command'], { error: () => t`must be webhook or command` }) }),
    }),
    z.looseObject({ kind: z.literal('calendar'), ...common, days: z.optional(z.array(text)) }),
  ],
  { error: () => t`is no kind of gate` },
);

const release = z.strictObject({
  ...{
    title: text,
    environment: text,
    strategy: z.enum(strategies, { error: () => t`must be one of ${strategies.join(', ')}` }),
  },
  flags: z.array(z.strictObject({ flag: text, candidate: text, baseline: text, rule: z.optional(text) })),
  traffic: z.optional(z.strictObject({ target: text, candidate: text, baseline: text })),
  migration: z.optional(z.strictObject({ plan: text })),
  ...{ leaseSeconds: z.optional(count), needs: z.optional(z.array(text)), watch: z.optional(z.array(gate)) },
  stages: z
    .array(
      z.looseObject({
        ...{ flagsPer100k: count, trafficPer100k: z.optional(count), shadowPer100k: z.optional(count) },
        migrationPhase: z.optional(z.enum(migrationPhaseNames, { error: () => t`is no phase of a migration` })),
        ...{ name: z.optional(text), soakSeconds: count, maxSeconds: z.optional(count) },
        ...{ approvals: z.optional(count), gates: z.optional(z.array(gate)), blind: z.optional(z.boolean()) },
      }),
    )
    .check(z.minLength(1, { error: () => t`must have one stage at least` })),
  ...{ bakeSeconds: count, rollbackWindowSeconds: count },
});

/** A release that the form can show, or what is wrong with it, each with its place. */
export function readRelease(value: unknown): { readonly spec: ReleaseSpec } | { readonly problems: readonly string[] } {
  const parsed = release.safeParse(value);
  if (parsed.success) return { spec: parsed.data as unknown as ReleaseSpec };
  return {
    problems: Object.entries(formErrors(parsed.error.issues)).map(([path, message]) => `${path} ${message}`.trim()),
  };
}
