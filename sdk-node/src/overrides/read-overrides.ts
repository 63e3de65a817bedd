import { type OverrideValues, parseOverrides, toOverrides } from './override-values.ts';

/** The overrides that `connect` was given. */
export interface OverrideSettings {
  /** Of the option and `BUNTING_OVERRIDES`. */
  readonly values: OverrideValues;
  /** `BUNTING_OVERRIDES_FILE`. */
  readonly path: string | undefined;
}

interface Given {
  readonly overrides?: unknown;
  readonly allowOverridesInProduction?: unknown;
}

/** Undefined when there are none, or none may be: then nothing in the way of an evaluation asks for them. */
export function readOverrides(
  { overrides, allowOverridesInProduction }: Given,
  environment: Readonly<Record<string, string | undefined>>,
  problems: string[],
): OverrideSettings | undefined {
  const text = environment.BUNTING_OVERRIDES || undefined;
  const path = environment.BUNTING_OVERRIDES_FILE || undefined;
  if (overrides === undefined && text === undefined && path === undefined) return undefined;
  if (environment.NODE_ENV === 'production' && allowOverridesInProduction !== true) {
    problems.push(
      'overrides are ignored, as NODE_ENV is production; set allowOverridesInProduction to have them all the same',
    );
    return undefined;
  }
  const lower = text === undefined ? undefined : parseOverrides('BUNTING_OVERRIDES', text, problems);
  const upper = toOverrides('overrides', overrides, problems);
  return { values: new Map([...(lower ?? []), ...upper]), path };
}
