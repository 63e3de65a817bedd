import type { Trace } from '@bunting/core';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import type { EvaluationContextBody, PastEvaluation } from './types.ts';

const one = '/api/v1/projects/{project}/environments/{environment}/revisions/{number}';

/** Newest first. */
export function revisionsQuery(project: string, environment: string) {
  return infiniteQueryOptions({
    queryKey: ['history', project, environment, 'revisions'] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/projects/{project}/environments/{environment}/revisions', {
          params: { path: { project, environment }, query: { limit: 200, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** Which flags are asked of which revision. */
export interface Question {
  readonly project: string;
  readonly environment: string;
  readonly revision: number;
  /** As it is at present, by the clock and the kills of now; otherwise as when the revision was committed. */
  readonly isNow: boolean;
  readonly context: EvaluationContextBody;
}

/** The answer of every flag. */
export function evaluationQuery(question: Question) {
  return queryOptions({
    queryKey: ['history', question.project, question.environment, 'evaluate', question] as const,
    queryFn: ({ signal }): Promise<PastEvaluation> => evaluate(question, undefined, signal),
    placeholderData: keepPreviousData,
  });
}

/** The answer of one flag, and how it came about. */
export function traceQuery(question: Question, flag: string) {
  return queryOptions({
    queryKey: ['history', question.project, question.environment, 'trace', flag, question] as const,
    queryFn: async ({ signal }) => {
      const { trace } = await evaluate(question, flag, signal);
      // Written by the evaluator of core, whose type it is.
      return (trace ?? null) as Trace | null;
    },
    placeholderData: keepPreviousData,
  });
}

function evaluate(
  { project, environment, revision, isNow, context }: Question,
  flag: string | undefined,
  signal: AbortSignal,
) {
  return unwrap(
    api.POST(`${one}/evaluate`, {
      params: { path: { project, environment, number: revision } },
      body: {
        context,
        ...(flag !== undefined && { flag, trace: true }),
        ...(isNow && { at: new Date().toISOString() }),
      },
      signal,
    }),
  );
}

/** Every revision, kill and stretch of time after which a flag answered a context otherwise, oldest first. */
export function transitionsQuery({ project, environment, context }: Question, flag: string) {
  return queryOptions({
    queryKey: ['history', project, environment, 'transitions', flag, context] as const,
    queryFn: ({ signal }) =>
      unwrap(
        api.POST('/api/v1/projects/{project}/environments/{environment}/history/transitions', {
          params: { path: { project, environment } },
          body: { flag, context },
          signal,
        }),
      ),
  });
}

/** What two revisions serve differently. */
export function revisionDiffQuery(project: string, environment: string, from: number, to: number) {
  return queryOptions({
    queryKey: ['history', project, environment, 'diff', from, to] as const,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET(`${one}/diff/{other}`, {
          params: { path: { project, environment, number: from, other: to } },
          signal,
        }),
      ),
  });
}

/** Contexts that were seen last; none for who may not read them. */
export function seenContextsQuery(project: string, environment: string) {
  return queryOptions({
    queryKey: ['contexts', project, environment] as const,
    queryFn: async ({ signal }) => {
      const params = { path: { project, environment }, query: { limit: 20 } };
      const path = '/api/v1/projects/{project}/environments/{environment}/contexts';
      return (await unwrap(api.GET(path, { params, signal }))).items;
    },
  });
}
