import type { Trace } from '@bunting/core';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client.ts';
import { commentHeader } from './comment.ts';
import type { EvaluationContextBody, FlagEnvironment, PastEvaluation } from './types.ts';

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
  /** ISO 8601: instead by the revision, the kills and the clock of that moment. */
  readonly moment?: string | undefined;
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
  { project, environment, revision, isNow, moment, context }: Question,
  flag: string | undefined,
  signal: AbortSignal,
) {
  const asked = { context, ...(flag !== undefined && { flag, trace: true }) };
  if (moment !== undefined) {
    return unwrap(
      api.POST('/api/v1/projects/{project}/environments/{environment}/history/evaluate', {
        params: { path: { project, environment } },
        body: { ...asked, at: moment },
        signal,
      }),
    );
  }
  return unwrap(
    api.POST(`${one}/evaluate`, {
      params: { path: { project, environment, number: revision } },
      body: { ...asked, ...(isNow && { at: new Date().toISOString() }) },
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

/** What a revision served of a flag, without what is not served; null: it had no such flag. */
export function servedFlagQuery(project: string, environment: string, revision: number, flag: string) {
  return queryOptions({
    queryKey: ['history', project, environment, 'served', revision, flag] as const,
    queryFn: async ({ signal }) => {
      const params = { path: { project, environment, number: revision }, query: { kind: 'flag' as const, key: flag } };
      const { items } = await unwrap(api.GET(`${one}/items`, { params, signal }));
      // As SDKs get it: of the flag's state only rules may be left out.
      return (items[0]?.document ?? null) as (Omit<FlagEnvironment, 'rules'> & Partial<FlagEnvironment>) | null;
    },
  });
}

interface SettingBack {
  readonly flag: string;
  readonly environment: string;
  readonly revision: number;
  /** The environment's as the person saw it: a change of someone else's meanwhile is refused with `version_mismatch`. */
  readonly version: number;
  /** Why; empty: nothing is said. */
  readonly comment: string;
}

/** Sets a flag in an environment back to what a revision served. */
export function setBackFlag(project: string, { flag, environment, revision, version, comment }: SettingBack) {
  return unwrap(
    api.POST('/api/v1/projects/{project}/flags/{flag}/environments/{environment}/set-back', {
      params: { path: { project, flag, environment } },
      headers: { 'If-Match': `"${version}"`, ...commentHeader(comment) },
      body: { revision },
    }),
  );
}

/** Contexts that were seen last; none for who may not read them. */
export function seenContextsQuery(project: string, environment: string) {
  return queryOptions({
    queryKey: ['contexts', project, 'seen', environment] as const,
    queryFn: async ({ signal }) => {
      const params = { path: { project, environment }, query: { limit: 20 } };
      const path = '/api/v1/projects/{project}/environments/{environment}/contexts';
      return (await unwrap(api.GET(path, { params, signal }))).items;
    },
  });
}
