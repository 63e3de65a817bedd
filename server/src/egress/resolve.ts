import { type LookupAddress, lookup, promises } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const askSystem = promisify(lookup);
const HOSTS_FILE = '/etc/hosts';
const RESOLVER_FILE = '/etc/resolv.conf';
/** Each query of a name server, in milliseconds; each of them is asked twice. */
const QUERY = { timeout: 2_000, tries: 2 };
/** The name servers say that there is no such name, or there are no name servers: the system may know more. */
const UNKNOWN: readonly unknown[] = ['ENOTFOUND', 'ENODATA', 'ECONNREFUSED'];

/** The system is asked for one name at a time. */
let asked: Promise<unknown> = Promise.resolve();

export interface ResolveOptions {
  /** Default: the machine's. */
  readonly nameServers?: readonly string[];
  /** What says how names are completed: see resolv.conf(5). */
  readonly resolverFile?: string;
}

/**
 * The addresses of a name that people gave. The system's own resolver works on libuv's threads, of which it gets two: two
 * names whose servers never answer keep all others waiting, those of the database and of the other servers too. So name servers
 * are asked by c-ares, on no thread, and the system only, and for one name at a time, for what they do not know: names of its
 * hosts file, and of other services.
 * @throws {Error} when there is no such name, or its name servers do not answer
 */
export async function resolve(host: string, options: ResolveOptions = {}): Promise<LookupAddress[]> {
  if (!(await isOfMachine(host))) {
    for (const name of await completionsOf(host, options.resolverFile)) {
      const found = await askNameServers(name, options.nameServers);
      if (found.length > 0) return found;
    }
  }
  const answer = asked.then(() => askSystem(host, { all: true }));
  asked = answer.catch(() => {});
  return answer;
}

async function isOfMachine(host: string): Promise<boolean> {
  const name = host.toLowerCase();
  if (name === 'localhost') return true;
  const hosts = await readFile(HOSTS_FILE, 'utf8').catch(() => '');
  return hosts.toLowerCase().split(/\s+/).includes(name);
}

/** What a name may stand for, in the system's order: one of few dots is rather the beginning of another one. */
async function completionsOf(host: string, resolverFile = RESOLVER_FILE): Promise<string[]> {
  const text = await readFile(resolverFile, 'utf8').catch(() => '');
  const search = [...text.matchAll(/^(?:search|domain)[ \t]+(.+)$/gm)].at(-1)?.[1]?.trim().split(/\s+/) ?? [];
  if (host.endsWith('.')) return [host];
  const completed = search.map((domain) => `${host}.${domain}`);
  const least = Number(/^options\b.*\bndots:(\d+)/m.exec(text)?.[1] ?? 1);
  return host.split('.').length - 1 < least ? [...completed, host] : [host, ...completed];
}

/** @returns none when they know none. @throws {Error} when they do not answer */
async function askNameServers(host: string, nameServers: readonly string[] | undefined): Promise<LookupAddress[]> {
  // A new one: which name servers the machine has may change.
  const resolver = new promises.Resolver(QUERY);
  if (nameServers !== undefined) resolver.setServers(nameServers);
  const ask = async (family: 4 | 6): Promise<LookupAddress[]> => {
    const addresses = await (family === 4 ? resolver.resolve4(host) : resolver.resolve6(host));
    return addresses.map((address) => ({ address, family }));
  };
  const answers = await Promise.allSettled([ask(4), ask(6)]);
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const failure = answers.find(
    (answer) => answer.status === 'rejected' && !UNKNOWN.includes((answer.reason as NodeJS.ErrnoException).code),
  );
  if (found.length === 0 && failure?.status === 'rejected') throw failure.reason;
  return found;
}
