import type { TSchema } from '@sinclair/typebox';
import type { FastifySerializerCompiler } from 'fastify';
import { compileValidator } from './validate.ts';

/**
 * Answers are written by JSON.stringify as the services made them.
 * @param isChecked true: an answer that its schema does not describe throws
 */
export function createSerializerCompiler(
  shared: readonly TSchema[],
  isChecked: boolean,
): FastifySerializerCompiler<TSchema> {
  return ({ schema, method, url, httpStatus }) => {
    if (!isChecked) return (answer: unknown) => JSON.stringify(answer);
    const validator = compileValidator(schema, shared);
    return (answer: unknown) => {
      const problems = validator.problems(JSON.parse(JSON.stringify(answer)));
      if (problems.length === 0) return JSON.stringify(answer);
      throw new Error(`${method} ${url} answered ${httpStatus} against its schema: ${JSON.stringify(problems)}`);
    };
  };
}
