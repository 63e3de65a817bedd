import type { Json } from '@bunting/core';
import type { Gate } from '../gate.ts';
import { calendar } from './calendar.ts';
import { counts } from './counts.ts';
import type { GateKind } from './gate-kind.ts';
import { http } from './http.ts';
import { job } from './job.ts';
import { mannWhitney } from './mann-whitney.ts';
import { migration } from './migration.ts';
import { prometheus } from './prometheus.ts';

/** How each kind of gate is judged. */
const KINDS = {
  http,
  prometheus,
  sequential: counts,
  burn_rate: counts,
  sample_ratio: counts,
  mann_whitney: mannWhitney,
  migration,
  job,
  calendar,
} satisfies { readonly [K in Gate['kind']]: unknown };

/** Each kind is only ever given settings, data and memories of its own; types cannot say that. */
export function kindOf({ kind }: Pick<Gate, 'kind'>): GateKind<Gate, Json, Json> {
  return KINDS[kind] as unknown as GateKind<Gate, Json, Json>;
}
