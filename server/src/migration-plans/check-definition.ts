import type { AddressPolicy } from '../egress/address-policy.ts';
import { checkUrl, EgressRefused } from '../egress/send.ts';
import { variantsOf } from '../flags/flag.ts';
import { isMigration } from '../flags/migration-stages.ts';
import { findFlagsByKey } from '../flags/repository.ts';
import type { Problem } from '../http/api-error.ts';
import type { EnvironmentRow } from '../store/tables/flags.ts';
import type { Querier } from '../store/tables.ts';
import { problemOfUrl, showUrl } from './connection-url.ts';
import type { Definition, PhaseDefinition, SameCheck, Side, SqlCheck } from './definition.ts';
import { type MigrationPhase, PHASES } from './phase.ts';
import type { Secrets, ShownDatabases } from './plan.ts';
import { MAX_REPLICATED_KEY } from './replication.ts';

export interface CheckInput {
  /** Of the plan. */
  readonly key: string;
  readonly environment: EnvironmentRow;
  readonly definition: Definition;
  readonly secrets: Secrets;
  readonly policy: AddressPolicy;
  readonly ownUrl: string | undefined;
}

export interface Checked {
  readonly problems: Problem[];
  readonly flagId: string | null;
  readonly databases: ShownDatabases;
}

/** All that stands against a plan, each with its place and fix. */
export async function checkDefinition(db: Querier, input: CheckInput): Promise<Checked> {
  const { environment, definition, secrets, policy, ownUrl } = input;
  const problems: Problem[] = [];
  for (const name of ['database', 'newDatabase'] as const) {
    const url = secrets[name];
    const message = url === undefined ? undefined : problemOfUrl(url, policy, ownUrl);
    if (message !== undefined) problems.push({ path: name, message });
  }
  for (const phase of PHASES) problems.push(...checkPhase(phase, definition.phases[phase] ?? {}, input));
  problems.push(...checkReplication(input));
  const { up = [] } = definition.phases.contract ?? {};
  if (up.length > 0 && definition.code === undefined) {
    problems.push({
      path: 'code',
      message: 'must say from which version on the application does without what contract removes',
    });
  }
  const shown = (url: string | undefined) => (url === undefined || problems.length > 0 ? null : showUrl(url));
  const databases = { database: shown(secrets.database), newDatabase: shown(secrets.newDatabase) };
  const { flag } = definition;
  if (flag === undefined) return { problems, flagId: null, databases };
  const [row] = await findFlagsByKey(db, environment.project_id, [flag]);
  if (row === undefined) problems.push({ path: 'flag', message: `there is no flag "${flag}" in this project` });
  else if (definition.replication !== undefined) {
    const names = variantsOf(row).map(({ name }) => name);
    for (const side of ['old', 'new'] as const) {
      if (names.includes(definition.replication.variants[side]) && !isMigration(row)) continue;
      const message = `must be a variant of "${flag}", which is of another kind than migration; it has ${names.join(', ')}`;
      problems.push({ path: `replication.variants.${side}`, message });
    }
  } else if (!isMigration(row)) {
    problems.push({
      path: 'flag',
      message: `"${flag}" is not of kind migration: make one, with its variants left out`,
    });
  }
  return { problems, flagId: row?.id ?? null, databases };
}

function checkPhase(
  phase: MigrationPhase,
  { up = [], down = [], verify = [], isReversible }: PhaseDefinition,
  { definition, secrets, policy }: CheckInput,
): Problem[] {
  const problems: Problem[] = [];
  const say = (path: string, message: string) => problems.push({ path: `phases.${phase}.${path}`, message });
  const requireUrl = (path: string, side: Side = 'old') => {
    const name = side === 'old' ? 'database' : 'newDatabase';
    if (secrets[name] === undefined) say(path, `is SQL: give the plan ${name}, where it runs`);
  };
  const requireChecked = (path: string, check: SqlCheck | SameCheck) => {
    for (const side of 'same' in check ? (['old', 'new'] as const) : [check.on]) requireUrl(path, side);
  };
  for (const [list, steps] of Object.entries({ up, down })) {
    for (const [at, step] of steps.entries()) {
      const path = `${list}[${at}]`;
      if ('sql' in step || 'backfill' in step) requireUrl(path, step.on);
      if ('check' in step) requireChecked(path, step.check);
      if ('webhook' in step) {
        const message = problemOfWebhook(policy, step.webhook);
        if (message !== undefined) say(`${path}.webhook`, message);
      }
      if (
        'backfill' in step &&
        !/(?<!:):cursor\b[\s\S]*(?<!:):limit\b|(?<!:):limit\b[\s\S]*(?<!:):cursor\b/.test(step.backfill)
      ) {
        say(
          `${path}.backfill`,
          'must use :cursor and :limit, such as: where id > :cursor::bigint order by id limit :limit',
        );
      }
    }
  }
  for (const [at, check] of verify.entries()) {
    if (!('reads' in check)) requireChecked(`verify[${at}]`, check);
    else if (definition.flag === undefined)
      say(`verify[${at}]`, 'counts reads that a flag compares: give the plan a flag');
    else if (phase !== 'shadow_read' && phase !== 'read_new') {
      say(`verify[${at}]`, 'counts reads, which are compared in shadow_read and read_new only');
    }
  }
  if (phase === 'contract' && isReversible === true) say('isReversible', 'cannot be: what contract removes is gone');
  if (phase === 'contract' && down.length > 0) say('down', 'cannot be: what contract removes is gone');
  if (phase === 'stop_old_write' && isReversible === true && down.length === 0) {
    say('down', 'must copy back what was written to the new side alone, if the phase is to be reversible');
  }
  return problems;
}

function checkReplication({ key, definition: { replication, flag }, secrets }: CheckInput): Problem[] {
  if (replication === undefined) return [];
  const missing = (['database', 'newDatabase'] as const).filter((name) => secrets[name] === undefined);
  return [
    ...missing.map((path) => ({ path, message: 'is needed to replicate: the connection URL of that side' })),
    ...(flag === undefined
      ? [{ path: 'flag', message: 'is needed: by it the application takes the one database or the other' }]
      : []),
    ...(key.length > MAX_REPLICATED_KEY
      ? [
          {
            path: 'replication',
            message: `names what it makes for the plan, and PostgreSQL cuts names off: make the plan with a key of at most ${MAX_REPLICATED_KEY} characters`,
          },
        ]
      : []),
    ...(replication.variants.old === replication.variants.new
      ? [{ path: 'replication.variants.new', message: 'must be another one than that of the old side' }]
      : []),
  ];
}

function problemOfWebhook(policy: AddressPolicy, url: string): string | undefined {
  try {
    checkUrl(policy, url);
    return undefined;
  } catch (error) {
    if (error instanceof EgressRefused) return error.message;
    throw error;
  }
}
