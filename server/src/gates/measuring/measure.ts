import type { Gate } from '../gate.ts';
import { readCalendar } from '../kinds/calendar.ts';
import type { Measurement, Span } from '../measurement.ts';
import { measureCounts } from './counts.ts';
import { measureHttp } from './http.ts';
import { type Look, type Means, toData, toNothing } from './look.ts';
import { measureMigration } from './migration.ts';
import { measureValues } from './values.ts';

/** Looks at the world once. Never rejects: what goes wrong is an error of the provider, with its reason. */
export async function measure(
  gate: Gate,
  look: Look,
  span: Span,
  means: Means,
  signal: AbortSignal,
): Promise<Measurement> {
  try {
    return await measureKind(gate, look, span, means, signal);
  } catch (error) {
    return toNothing(span, 'error', `It could not be measured: ${(error as Error).message}.`);
  }
}

async function measureKind(
  gate: Gate,
  look: Look,
  span: Span,
  means: Means,
  signal: AbortSignal,
): Promise<Measurement> {
  switch (gate.kind) {
    case 'http':
      return measureHttp(gate, look, span, means, signal);
    case 'prometheus':
    case 'mann_whitney':
      return measureValues(gate, look, span, means, signal);
    case 'sequential':
    case 'burn_rate':
    case 'sample_ratio':
      return measureCounts(gate, look, span, means, signal);
    case 'migration':
      return measureMigration(gate, look, span, means);
    case 'job':
      return means.jobs.look(gate, look, span, signal);
    case 'calendar':
      return toData(span, readCalendar(gate, span.toMs));
  }
}
