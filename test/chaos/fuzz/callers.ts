import type { Api } from '../../../tools/demo-api.ts';
import { newAdminKey } from '../../processes/server.ts';

/** Someone who sends requests. */
export interface Caller {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether they were granted anything in the other project: then they may see what is marked. */
  readonly maySeeMarks: boolean;
  /** Whether they may do something at all: who may not, changes nothing. */
  readonly isPowerless: boolean;
}

export interface Callers {
  readonly all: readonly Caller[];
  /** Ids of theirs that no request may name. */
  readonly spared: ReadonlySet<string>;
  /** What must never be seen in a log. */
  readonly secrets: readonly string[];
}

/** All kinds of callers: of project `a`, of project `b`, of everything, and of nothing. */
export async function makeCallers(api: Api, serverUrl: string, adminKey: string): Promise<Callers> {
  const spared = new Set<string>();
  const secrets = [adminKey];
  const all: Caller[] = [];
  const add = (name: string, headers: Record<string, string>, { maySeeMarks = false, isPowerless = false } = {}) =>
    all.push({ name, headers, maySeeMarks, isPowerless });
  const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

  const program = async (name: string, role?: string, project?: string) => {
    const { id } = await api.call<{ id: string }>('POST', '/service-accounts', { name });
    spared.add(id);
    if (role !== undefined) {
      const subject = { kind: 'service-account', id };
      spared.add((await api.call<{ id: string }>('POST', '/grants', { subject, role, project })).id);
    }
    const token = { name: 'fuzz', expiresInDays: null };
    const made = await api.call<{ id: string; secret: string }>('POST', `/service-accounts/${id}/tokens`, token);
    spared.add(made.id);
    secrets.push(made.secret);
    return { account: id, ...made };
  };

  add('nobody', {}, { isPowerless: true });
  add('nobody with a made-up token', bearer(newAdminKey()), { isPowerless: true });
  add('a program without grants', bearer((await program('powerless')).secret), { isPowerless: true });
  const revoked = await program('revoked', 'admin', 'b');
  await api.call('DELETE', `/service-accounts/${revoked.account}/tokens/${revoked.id}`);
  add('a revoked token', bearer(revoked.secret), { isPowerless: true });
  for (const role of ['viewer', 'editor', 'releaser', 'admin']) {
    add(`${role} of a`, bearer((await program(`${role} of a`, role, 'a')).secret));
  }
  add('admin of b', bearer((await program('admin of b', 'admin', 'b')).secret), { maySeeMarks: true });
  add('owner of all', bearer(adminKey), { maySeeMarks: true });
  add('person: viewer of a', await signIn('viewer', 'a'));
  add('person: editor of a', await signIn('editor', 'a'));

  for (const project of ['a', 'b']) {
    for (const kind of ['server', 'client', 'relay']) {
      const path = `/projects/${project}/environments/production/keys`;
      const { id, secret } = await api.call<{ id: string; secret: string }>('POST', path, { kind, name: 'fuzz' });
      spared.add(id);
      secrets.push(secret);
      add(`${kind} key of ${project}`, bearer(secret), { maySeeMarks: project === 'b' });
    }
  }
  return { all, spared, secrets };

  async function signIn(role: string, project: string): Promise<Record<string, string>> {
    const email = `${role}@fuzz.example`;
    const password = `a long enough password of ${role}`;
    const invited = await api.call<{ user: { id: string }; link: { token: string } }>('POST', '/users', {
      name: role,
      email,
    });
    const { id } = invited.user;
    spared.add(id);
    const subject = { kind: 'user', id };
    spared.add((await api.call<{ id: string }>('POST', '/grants', { subject, role, project })).id);
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ token: invited.link.token, password });
    const answer = await fetch(`${serverUrl}/api/v1/password`, { method: 'POST', headers, body });
    const cookie = answer.headers.getSetCookie()[0]?.split(';', 1)[0];
    if (cookie === undefined) throw new Error(`no session: ${answer.status} ${await answer.text()}`);
    secrets.push(password, cookie.split('=')[1] ?? '');
    return { cookie, 'sec-fetch-site': 'same-origin' };
  }
}
