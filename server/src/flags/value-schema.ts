import { createContext, Script } from 'node:vm';
import type { Json, Variant } from '@bunting/core';
import { Ajv as AjvDraft7, type AnySchema, type ErrorObject, type Options } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Problem } from '../http/api-error.ts';

/** Schemas past this size, in characters of JSON, are refused. */
const MAX_SCHEMA_LENGTH = 64 * 1024;
/** Compiling a schema and checking all values takes a few milliseconds; what takes this long never ends. */
const TIMEOUT_MS = 500;

const DRAFT_2020 = 'https://json-schema.org/draft/2020-12/schema';
const DRAFT_7 = 'http://json-schema.org/draft-07/schema';

/** A schema is someone's input: no loading, no logging, nothing kept, and code that grows no faster than it. */
const OPTIONS: Options = { strict: false, logger: false, addUsedSchema: false, inlineRefs: false };

/**
 * Why a JSON Schema cannot be used, or which variants' values it does not allow; empty when all is fine. Drafts 2020-12
 * (unless the schema names another) and 7. Formats are not checked. Loads nothing, and never throws.
 */
export function checkValues(schema: Json, variants: readonly Variant[]): Problem[] {
  if (JSON.stringify(schema).length > MAX_SCHEMA_LENGTH) {
    return [{ path: 'schema', message: `is longer than ${MAX_SCHEMA_LENGTH} characters of JSON; shorten it` }];
  }
  try {
    return withinTime(() => problemsOf(schema as AnySchema, variants));
  } catch (error) {
    return [{ path: 'schema', message: explain(error) }];
  }
}

function problemsOf(schema: AnySchema, variants: readonly Variant[]): Problem[] {
  const dialect = typeof schema === 'object' ? (schema.$schema ?? DRAFT_2020) : DRAFT_2020;
  const Ajv = VALIDATORS.get(String(dialect).replace(/#$/, ''));
  if (Ajv === undefined) {
    return [{ path: 'schema.$schema', message: `must be ${DRAFT_2020} or ${DRAFT_7}#, or left out` }];
  }
  if (typeof schema === 'object' && schema.$async !== undefined) {
    return [{ path: 'schema.$async', message: 'is not a keyword of JSON Schema; remove it' }];
  }
  const validate = new Ajv(OPTIONS).compile(schema);
  return variants.flatMap(({ value }, at) =>
    validate(value)
      ? []
      : (validate.errors ?? []).slice(0, 1).map((error) => toProblem(error, `variants[${at}].value`)),
  );
}

const VALIDATORS: ReadonlyMap<string, typeof Ajv2020 | typeof AjvDraft7> = new Map([
  [DRAFT_2020, Ajv2020],
  [DRAFT_7, AjvDraft7],
]);

/**
 * Runs `work` here and now, and stops it when it takes too long: patterns that backtrack, references that branch.
 * The engine's own watchdog is the one thing that can interrupt them.
 */
function withinTime<T>(work: () => T): T {
  const context = createContext({ work });
  return CALL_WORK.runInContext(context, { timeout: TIMEOUT_MS }) as T;
}
const CALL_WORK = new Script('work()');

/** `/size/0` in a value becomes `variants[1].value.size[0]`. */
function toProblem({ instancePath, message, params }: ErrorObject, root: string): Problem {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((place, part) => (/^\d+$/.test(part) ? `${place}[${part}]` : `${place}.${part}`), root);
  const which = params.additionalProperty ?? params.unevaluatedProperty;
  const allowed = params.allowedValues ?? params.allowedValue;
  const detail = which !== undefined ? `: "${which}"` : allowed !== undefined ? `: ${JSON.stringify(allowed)}` : '';
  return { path, message: `does not match the flag's schema: ${message ?? 'is not allowed'}${detail}` };
}

function explain(error: unknown): string {
  const { code, message, missingRef } = error as { code?: string; message?: string; missingRef?: string };
  if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
    return `takes longer than ${TIMEOUT_MS} ms to check; simplify its patterns and references`;
  }
  if (missingRef !== undefined) {
    return `refers to ${JSON.stringify(missingRef)}, which is not in it; other documents are not loaded, so copy what you need into $defs`;
  }
  return `is not a JSON Schema that can be used: ${message ?? String(error)}`;
}
