import { t } from '@lingui/core/macro';
import type { MigrationPlan, MigrationPlanBody } from '../../api/types.ts';
import type { FormErrors } from '../../ui/form-errors.ts';
import type { JsonProblem } from '../../ui/json-place.ts';

/** A plan as it is typed. What is sealed is typed anew or stays. */
export interface PlanDraft {
  key: string;
  name: string;
  flag: string;
  app: string;
  version: string;
  database: string;
  newDatabase: string;
  webhookSecret: string;
  /** JSON: the fields of `written`. */
  text: string;
}

/** What of a plan is written as JSON; the rest has fields of its own. */
const written = ['settleSeconds', 'replication', 'phases'] as const;

export const emptyText = '{\n  "phases": {}\n}';

/** @param plan undefined: a new one */
export function draftOf(plan: MigrationPlan | undefined): PlanDraft {
  return {
    ...{ key: plan?.key ?? '', name: plan?.name ?? '', flag: plan?.flag ?? '' },
    ...{ app: plan?.code?.app ?? '', version: plan?.code?.version ?? '' },
    ...{ database: '', newDatabase: '', webhookSecret: '' },
    text: plan === undefined ? emptyText : writtenOf(plan),
  };
}

/** The part of a plan that is written as JSON. */
export function writtenOf(plan: Partial<Pick<MigrationPlan, (typeof written)[number]>>): string {
  const present = written.filter((field) => plan[field] !== undefined);
  return JSON.stringify(Object.fromEntries(present.map((field) => [field, plan[field]])), undefined, 2);
}

type Checked = { ok: true; ready: MigrationPlanBody } | { ok: false; errors: FormErrors };

/**
 * Reads what was typed; what the phases mean the server judges.
 * @param before the plan that is changed: the API takes nothing away from it but by another value
 */
export function checkPlan(draft: PlanDraft, before: MigrationPlan | undefined): Checked {
  const typed = (field: Exclude<keyof PlanDraft, 'text'>) => draft[field].trim() || undefined;
  const errors: Record<string, string> = {};
  const key = typed('key') ?? '';
  if (!/^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$/.test(key)) {
    errors.key = t`Use 1 to 100 of a-z, 0-9, dot, hyphen and underscore, a letter or digit at both ends.`;
  }
  const [flag, app, version] = [typed('flag'), typed('app'), typed('version')];
  if (before?.flag !== undefined && flag === undefined) {
    errors.flag = t`A plan that has a flag keeps one: name another, or make a new plan.`;
  }
  if (version === undefined && (app !== undefined || before?.code !== undefined)) {
    errors['code.version'] = t`Enter the first version that can do without what the plan removes.`;
  }
  const read = readWritten(draft.text);
  if (!read.ok) errors[''] = read.problem;
  else if (before?.replication !== undefined && read.value.replication === undefined) {
    errors.replication = t`A plan that replicates goes on doing so: make a new plan instead.`;
  }
  if (Object.keys(errors).length > 0 || !read.ok) return { ok: false, errors };
  const { settleSeconds = before?.settleSeconds === undefined ? undefined : 5, ...steps } = read.value;
  const secrets = {
    database: typed('database'),
    newDatabase: typed('newDatabase'),
    webhookSecret: typed('webhookSecret'),
  };
  const ready = {
    ...{ key, name: typed('name') ?? key },
    ...steps,
    ...defined({ settleSeconds, flag, ...secrets }),
    ...(version !== undefined && { code: { ...(app !== undefined && { app }), version } }),
  };
  return { ok: true, ready: ready as MigrationPlanBody };
}

type Written = Partial<Pick<MigrationPlanBody, (typeof written)[number]>>;

function readWritten(text: string): { ok: true; value: Written } | { ok: false; problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ok: false, problem: t`The phases are no JSON: ${error instanceof Error ? error.message : t`check them`}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, problem: t`The phases must be an object: ${'{"phases": {…}}'}.` };
  }
  const other = Object.keys(value).filter((field) => !written.some((known) => known === field));
  if (other.length > 0) {
    return {
      ok: false,
      problem: t`${other.join(', ')}: not among the phases; what is no ${written.join(', ')} has a field above.`,
    };
  }
  return { ok: true, value: value as Written };
}

/** What is wrong with the part that is written as JSON, each with its place there. */
export function problemsIn(errors: FormErrors): readonly JsonProblem[] {
  return Object.entries(errors)
    .filter(([path]) => written.some((field) => path === field || path.startsWith(`${field}.`)))
    .map(([path, message]) => ({ path, message }));
}

function defined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
