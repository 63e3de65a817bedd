import type { TSchema } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler, type ValueError } from '@sinclair/typebox/compiler';
import { Value } from '@sinclair/typebox/value';
import type { FastifySchemaCompiler } from 'fastify';
import { type Problem, validationFailed } from './api-error.ts';

/** More problems than these are not listed: a person mends them in turns anyway. */
const MAX_PROBLEMS = 20;

export interface Validator<T> {
  readonly schema: TSchema;
  /** The problems of a value, none when it is of the schema's type. */
  problems(value: unknown): Problem[];
  is(value: unknown): value is T;
}

/**
 * Compiles a schema once, when it is first needed: most routes of a process are never called.
 * @param shared the schemas that it may refer to by `$id`
 */
export function compileValidator<T>(schema: TSchema, shared: readonly TSchema[] = []): Validator<T> {
  let compiled: TypeCheck<TSchema> | undefined;
  const check = () => {
    compiled ??= TypeCompiler.Compile(schema, [...shared]);
    return compiled;
  };
  return {
    schema,
    is: (value): value is T => check().Check(value),
    problems(value) {
      return check().Check(value) ? [] : collectProblems(check().Errors(value));
    },
  };
}

/**
 * Checks requests as the schemas say: unknown fields are errors, and nothing is coerced, removed or filled in, except
 * that the text of paths and query strings becomes the number or boolean that its schema asks for.
 */
export function createValidatorCompiler(shared: readonly TSchema[]): FastifySchemaCompiler<TSchema> {
  return ({ schema, httpPart }) => {
    const validator = compileValidator(schema, shared);
    return (value: unknown) => {
      const isText = httpPart === 'querystring' || httpPart === 'params';
      const converted = isText ? Value.Convert(schema, [...shared], { ...(value as object) }) : value;
      const problems = validator.problems(converted);
      return problems.length === 0 ? { value: converted } : { error: validationFailed(problems) };
    };
  };
}

/**
 * One problem for each place. Of a union's branches the one is explained that the value names by its `kind`, else the one
 * that it comes closest to.
 */
function collectProblems(errors: Iterable<ValueError>): Problem[] {
  const problems = new Map<string, Problem>();
  for (const error of errors) {
    const kind = branchByKind(error);
    const branches = (kind === undefined ? error.errors : kind.branch)
      .map((branch) => collectProblems(branch))
      .filter((branch) => branch.length > 0);
    const closest = isChoice(error) ? undefined : (kind?.problems ?? branches.sort((a, b) => a.length - b.length)[0]);
    for (const problem of closest ?? [{ path: toPath(error.path), message: describe(error) }]) {
      if (!problems.has(problem.path)) problems.set(problem.path, problem);
    }
    if (problems.size >= MAX_PROBLEMS) break;
  }
  return [...problems.values()].slice(0, MAX_PROBLEMS);
}

/**
 * Of a union of kinds (objects with a constant `kind` each) the branch that a value says it is of, or the problem that
 * there is no such kind; undefined for other unions.
 */
function branchByKind({ schema, value, path, errors }: ValueError) {
  const kinds: unknown[] = (schema.anyOf ?? []).map((option: TSchema) => option.properties?.kind?.const);
  if (kinds.length === 0 || kinds.includes(undefined) || typeof value !== 'object' || value === null) return undefined;
  const { kind } = value as { readonly kind?: unknown };
  const at = kinds.indexOf(kind);
  if (at >= 0) return { branch: errors.slice(at, at + 1) };
  const message = kind === undefined ? 'is required' : `must be one of ${kinds.map((name) => `"${name}"`).join(', ')}`;
  return { branch: [], problems: [{ path: toPath(`${path}/kind`), message }] };
}

/** One of several constants; or of constants and objects, where the value is no object. */
function isChoice({ schema: { anyOf }, value }: ValueError): boolean {
  if (!Array.isArray(anyOf)) return false;
  const constants = anyOf.filter((option: TSchema) => option.const !== undefined);
  return constants.length > 0 && (constants.length === anyOf.length || typeof value !== 'object');
}

/** `/rules/0/serve` becomes `rules[0].serve`. */
function toPath(pointer: string): string {
  let path = '';
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (/^\d+$/.test(name)) path += `[${name}]`;
    else path += path === '' ? name : `.${name}`;
  }
  return path;
}

function describe(error: ValueError): string {
  if (error.message === 'Unexpected property') return 'is not a known field; remove it';
  if (error.value === undefined) return 'is required';
  const { description } = error.schema;
  if (error.schema.pattern !== undefined && typeof description === 'string') return `must be: ${description}`;
  if (isChoice(error)) {
    const constants = error.schema.anyOf.filter((option: TSchema) => option.const !== undefined);
    const orObject = constants.length < error.schema.anyOf.length ? ', or an object as the documentation says' : '';
    return `must be one of ${constants.map((option: TSchema) => JSON.stringify(option.const)).join(', ')}${orObject}`;
  }
  return error.message.charAt(0).toLowerCase() + error.message.slice(1);
}
