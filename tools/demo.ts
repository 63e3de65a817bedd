import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Api } from './demo-api.ts';
import { type DemoFlag, demoFlags } from './demo-flags.ts';

const project = '/projects/default';
const environment = `${project}/environments/development`;

/** What the demo keeps for its next start: secrets, readable by the owner alone. */
interface Kept {
  readonly adminKey: string;
  readonly shopKey?: { readonly id: string; readonly secret: string };
}

export interface DemoOptions {
  /** Where the server listens, for example `http://127.0.0.1:4242`. */
  readonly serverUrl: string;
  readonly adminKey: string;
  readonly dataDir: string;
}

/** The admin key of this data folder: the kept one, or a new one that is kept from now on. */
export function keepAdminKey(dataDir: string): string {
  const kept = readKept(dataDir);
  if (kept) return kept.adminKey;
  const adminKey = `bnt_adm_${randomBytes(32).toString('base64url')}`;
  writeKept(dataDir, { adminKey });
  return adminKey;
}

/**
 * Makes sure that the demo has its flags and the shop its SDK key. What is there already stays as people left it, so
 * every start may call this. Throws with the server's answer when that refuses something.
 */
export async function prepareDemo({ serverUrl, adminKey, dataDir }: DemoOptions): Promise<{ sdkKey: string }> {
  const api = new Api(serverUrl, adminKey);
  for (const flag of demoFlags) {
    const isNew = await ensureFlag(api, flag);
    if (isNew && flag.flag.key === 'new-checkout') await guard(api);
  }
  return { sdkKey: await ensureShopKey(api, adminKey, dataDir) };
}

interface FlagAnswer {
  readonly createdAt: string;
  readonly archivedAt: string | null;
  readonly environments: Readonly<Record<string, { readonly updatedAt: string } | undefined>>;
}

/** @returns whether the flag is new */
async function ensureFlag(api: Api, { flag, development }: DemoFlag): Promise<boolean> {
  const path = `${project}/flags/${flag.key}`;
  const found = await api.request('GET', path);
  const current =
    found.status === 404
      ? await api.call<FlagAnswer>('POST', `${project}/flags`, flag)
      : await api.call<FlagAnswer>('GET', path);
  // Untouched since it was made: also when an earlier start was interrupted between the two steps.
  const isNew = current.environments.development?.updatedAt === current.createdAt;
  if (!isNew || current.archivedAt !== null) return false;
  await api.call('PATCH', `${path}/environments/development`, development);
  return true;
}

/** Whatever the shop measures is watched, unless someone has safeguards of their own already. */
async function guard(api: Api): Promise<void> {
  const path = `${environment}/safeguards`;
  const { items } = await api.call<{ items: unknown[] }>('GET', path);
  if (items.length === 0) await api.call('POST', `${path}/standard`, { watch: { measured: true } });
}

/** The shop's key: the kept one as long as the server knows it and nobody has revoked it, else a new one. */
async function ensureShopKey(api: Api, adminKey: string, dataDir: string): Promise<string> {
  const kept = readKept(dataDir)?.shopKey;
  if (kept && (await isActive(api, kept.id))) return kept.secret;
  const key = await api.call<{ id: string; secret: string }>('POST', `${environment}/keys`, {
    kind: 'server',
    name: 'Demo shop',
  });
  writeKept(dataDir, { adminKey, shopKey: { id: key.id, secret: key.secret } });
  return key.secret;
}

async function isActive(api: Api, keyId: string): Promise<boolean> {
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { items: { id: string; revokedAt: string | null }[]; nextCursor: string | null } = await api.call(
      'GET',
      `${environment}/keys?limit=200${query}`,
    );
    const key = page.items.find(({ id }) => id === keyId);
    if (key) return key.revokedAt === null;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return false;
}

/** A file that is missing or damaged counts as nothing kept: new keys are made. */
function readKept(dataDir: string): Kept | undefined {
  try {
    const kept: Partial<Kept> = JSON.parse(readFileSync(keptFile(dataDir), 'utf8'));
    if (typeof kept.adminKey !== 'string') return undefined;
    const { id, secret } = kept.shopKey ?? {};
    const hasKey = typeof id === 'string' && typeof secret === 'string';
    return { adminKey: kept.adminKey, ...(hasKey ? { shopKey: { id, secret } } : {}) };
  } catch {
    return undefined;
  }
}

function writeKept(dataDir: string, kept: Kept): void {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(keptFile(dataDir), `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
  // The mode above is for a new file only.
  chmodSync(keptFile(dataDir), 0o600);
}

function keptFile(dataDir: string): string {
  return join(dataDir, 'demo.json');
}
