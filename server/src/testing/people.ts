import type { Place } from '../access/permissions.ts';
import { Browser } from './browser.ts';
import type { TestServer } from './start-app.ts';

export interface Person {
  readonly id: string;
  readonly browser: Browser;
}

let invited = 0;

/** Someone who is signed in, with a role at a place. */
export async function startPerson(
  { app, call }: Pick<TestServer, 'app' | 'call'>,
  role: string,
  place: Place = {},
): Promise<Person> {
  const name = `person ${++invited}`;
  const { body } = await call('POST', '/users', { name, email: `p${invited}@example.com` });
  const subject = { kind: 'user', id: body.user.id };
  const { status } = await call('POST', '/grants', { subject, role, ...place });
  if (status !== 201) throw new Error(`the grant answered ${status}`);
  const browser = new Browser(app);
  const answer = await browser.call('POST', '/password', {
    token: body.link.token,
    password: 'a long enough password',
  });
  if (answer.status !== 201) throw new Error(`the password was refused: ${answer.body.message}`);
  return { id: body.user.id, browser };
}
