import type { Place } from '../access/permissions.ts';
import type { TestServer } from './start-app.ts';

export interface Program {
  readonly id: string;
  /** Of a token with all that the service account may do. */
  readonly secret: string;
  readonly headers: { readonly authorization: string };
}

let made = 0;

/** A service account with a role at a place, and its token. */
export async function startProgram(
  { call }: Pick<TestServer, 'call'>,
  role?: string,
  place: Place = {},
): Promise<Program> {
  const { body: account } = await call('POST', '/service-accounts', { name: `program ${++made}` });
  if (role !== undefined) {
    const subject = { kind: 'service-account', id: account.id };
    const { status, body } = await call('POST', '/grants', { subject, role, ...place });
    if (status !== 201) throw new Error(`the grant was refused: ${body.message}`);
  }
  const path = `/service-accounts/${account.id}/tokens`;
  const { body: token } = await call('POST', path, { name: 'test', expiresInDays: null });
  return { id: account.id, secret: token.secret, headers: { authorization: `Bearer ${token.secret}` } };
}
