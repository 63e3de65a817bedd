import { type Flag, flagItem } from '@bunting/core';
import { buildApp, readConfig, type Services } from '@bunting/server';

export interface Sizes {
  readonly flags: number;
  readonly auditEvents: number;
}

/** Where the data is. */
export interface Place {
  readonly dataDir: string;
  readonly databaseUrl?: string | undefined;
}

type Commit = Services['changes']['commit'];

const ENVIRONMENTS = ['development', 'production', 'staging'];
const KINDS = ['release', 'experiment', 'operational', 'permission'];
const BATCH = 200;
const START_MS = Date.UTC(2026, 0, 1);

const CALLER: Parameters<Commit>[0] = {
  actor: { kind: 'system', id: 'bench', name: 'Bench' },
  can: () => true,
  covers: () => true,
  projectsWith: () => undefined,
};

/**
 * Makes flags in three environments and audit events, by the transactions of the server itself (but 200 flags in each),
 * while no server uses the place.
 */
export async function fill({ dataDir, databaseUrl }: Place, { flags, auditEvents }: Sizes): Promise<void> {
  const app = await buildApp({ ...readConfig(), dataDir, databaseUrl, logLevel: 'silent' });
  try {
    const { changes, database, environments } = app.bunting;
    await environments.create(CALLER, 'default', { key: 'staging', name: 'Staging' });
    const rows = await database.selectFrom('environments').select(['id', 'key', 'project_id']).execute();
    for (let from = 0; from < flags; from += BATCH) {
      const numbers = Array.from({ length: Math.min(BATCH, flags - from) }, (_, at) => from + at);
      await changes.commit(CALLER, async (draft) => {
        const projectId = rows[0]?.project_id ?? '';
        await draft.tx
          .insertInto('flags')
          .values(numbers.map((number) => flagRow(number, projectId)))
          .execute();
        for (const { id, key } of rows) {
          await draft.tx
            .insertInto('flag_environments')
            .values(numbers.map((number) => targetingRow(number, id, key)))
            .execute();
          for (const number of numbers) draft.put(id, flagItem(servedFlag(number, key)));
        }
      });
    }
    for (let from = 0; from < auditEvents; from += 1_000) {
      await changes.commit(CALLER, async (draft) => {
        for (let number = from; number < Math.min(from + 1_000, auditEvents); number++) {
          const environment = ENVIRONMENTS[number % 3] ?? '';
          const enabled = number % 2 === 0;
          await draft.audit({
            action: 'flag.environment.updated',
            project: 'default',
            environment,
            target: { kind: 'flag', key: keyOf(number % flags) },
            before: { ...servedFlag(number % flags, environment), enabled: !enabled },
            after: { ...servedFlag(number % flags, environment), enabled },
          });
        }
      });
    }
  } finally {
    await app.close();
  }
}

export function keyOf(number: number): string {
  return `flag-${String(number).padStart(5, '0')}`;
}

function flagRow(number: number, projectId: string) {
  const key = keyOf(number);
  const name = `Feature ${number} of team ${number % 40}`;
  const description = `Lets some see feature ${number} before others do; ticket SHOP-${number * 7}.`;
  const tags = [`team-${number % 40}`, number % 3 === 0 ? 'checkout' : 'search'];
  const owner = `Team ${number % 40}`;
  return {
    id: `bench-${key}`,
    project_id: projectId,
    key,
    type: 'boolean',
    name,
    description,
    kind: KINDS[number % KINDS.length] ?? '',
    tags: JSON.stringify(tags),
    variants: JSON.stringify(servedFlag(number, '').variants),
    bucket_key: key,
    client_visible: number % 5 === 0 ? 1 : 0,
    // In no order that an index has already.
    created_at: START_MS + ((number * 7919) % 100_000) * 60_000,
    updated_at: START_MS + ((number * 104_729) % 200_000) * 60_000,
    archived_at: null,
    version: 1,
    schema: null,
    owner,
    links: null,
    lifetime_days: null,
    search_text: [key, name, owner, ...tags, description].join('\n').toLowerCase(),
  };
}

function targetingRow(number: number, environmentId: string, environment: string) {
  const { enabled, rules, defaultRule } = servedFlag(number, environment);
  return {
    flag_id: `bench-${keyOf(number)}`,
    environment_id: environmentId,
    enabled: enabled ? 1 : 0,
    off_variant: 'off',
    safe_variant: null,
    rules: JSON.stringify(rules),
    default_rule: JSON.stringify(defaultRule),
    version: 1,
    updated_at: START_MS,
    prerequisites: null,
    targets: null,
    slices: 0,
  };
}

/** Two rules and a rollout; every tenth flag is another one in production. */
function servedFlag(number: number, environment: string): Flag {
  const share = environment === 'production' && number % 10 === 0 ? 10_000 : 50_000;
  return {
    key: keyOf(number),
    type: 'boolean',
    variants: [
      { name: 'on', value: true },
      { name: 'off', value: false },
    ],
    enabled: number % 2 === 0,
    offVariant: 'off',
    rules: [
      {
        id: 'staff',
        when: { attribute: 'email', operator: 'endsWith', values: ['@example.com'] },
        serve: { variant: 'on' },
      },
      { id: 'old', when: { attribute: 'app', operator: 'semver', values: ['<2.4.0'] }, serve: { variant: 'off' } },
    ],
    defaultRule: {
      split: {
        ranges: [
          { variant: 'on', from: 0, to: share },
          { variant: 'off', from: share, to: 100_000 },
        ],
      },
    },
  };
}
