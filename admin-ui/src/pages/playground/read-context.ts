import { t } from '@lingui/core/macro';
import type { EvaluationContextBody } from '../../api/types.ts';

/** The context of an address, to be edited; without one an example. */
export function contextText(context: string | Readonly<Record<string, unknown>> = { targetingKey: 'user-1' }): string {
  return typeof context === 'string' ? context : JSON.stringify(context, null, 2);
}

/** A context as it is typed: an object of JSON. */
export function readContext(text: string): { ok: true; context: EvaluationContextBody } | { ok: false; error: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return { ok: false, error: t`A context is an object: ${'{"targetingKey": "user-1", "plan": "pro"}'}.` };
    }
    if ('targetingKey' in value && typeof value.targetingKey !== 'string') {
      return { ok: false, error: t`targetingKey is a text: put it into quotes.` };
    }
    return { ok: true, context: value as EvaluationContextBody };
  } catch (error) {
    return { ok: false, error: t`This is no JSON: ${error instanceof Error ? error.message : t`check its quotes`}` };
  }
}
