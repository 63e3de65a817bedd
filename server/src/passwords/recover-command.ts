import { hostname, userInfo } from 'node:os';
import { findOwners } from '../access/repository.ts';
import { SYSTEM } from '../audit/actor.ts';
import { Draft } from '../changes/draft.ts';
import type { Config } from '../config/config.ts';
import { findPending } from '../store/migrations.ts';
import { openSqliteBeside } from '../store/open-sqlite.ts';
import { explain, openUnhurried } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { makePasswordLink } from './link.ts';

/** Whoever asks is at the screen. */
const LINK_LIFETIME_MS = 60 * 60 * 1000;

/**
 * `bunting-server recover --email ADDRESS`: prints a one-time link by which an owner sets a new password and loses the second
 * factor, for who has nobody to ask for one. Works while servers run, for it writes nothing that they keep in memory: a link, and an audit event that
 * names this machine. Whoever may run it can read and write the database anyway.
 * @throws {StoreError} that says who the owners are, when the address is not of one
 */
export async function runRecover(emailAsTyped: string, config: Config, print: (line: string) => void): Promise<void> {
  const email = emailAsTyped.trim().toLowerCase();
  const store = config.databaseUrl === undefined ? openSqliteBeside(config.dataDir) : openUnhurried(config);
  if (store === undefined) throw new StoreError(`There is no database in ${config.dataDir}. Name it with --data-dir.`);
  try {
    const [pending] = await findPending({ engine: store.engine, db: store.database });
    if (pending !== undefined) {
      throw new StoreError(
        `The database lacks the migration ${pending}. Start this version once: bunting-server migrate`,
      );
    }
    const link = await makeLink(store, email);
    const { host, port, publicUrl = `http://${host}:${port}` } = config;
    print(
      `Open this link within an hour to set a new password for ${email}, without the second factor. It works once:`,
    );
    print(`${publicUrl}${link.path}`);
  } catch (error) {
    throw explain(error, config);
  } finally {
    await store.database.destroy();
  }
}

function makeLink({ engine, database }: Store, email: string) {
  return database.transaction().execute(async (tx) => {
    const owners = await findOwners(tx);
    const owner = owners.find((one) => one.email === email);
    if (owner === undefined) {
      const known = owners.map((one) => one.email).join(', ');
      const others =
        known === '' ? 'There is none: start the server, it prints how to make one.' : `Owners are: ${known}.`;
      throw new StoreError(
        `${email} is not the address of an owner who may sign in. ${others} Owners make links for others.`,
      );
    }
    const name = `${userInfo().username} on the shell of ${hostname()}`;
    const caller = { ...SYSTEM, actor: { kind: 'system', id: 'shell', name } as const };
    const draft = new Draft(tx, engine, caller, Date.now());
    const link = await makePasswordLink(draft, owner.id, { lifetimeMs: LINK_LIFETIME_MS, dropsSecondFactor: true });
    await draft.audit({ action: 'user.recovered', target: { kind: 'user', key: owner.id } });
    await draft.stage();
    return link;
  });
}
