import type { FastifyRequest } from 'fastify';
import type { User } from '../users/user.ts';

/** Who is signed in. @throws when the route is not for people only: a mistake in our own code */
export function signedInUser({ user, routeOptions }: FastifyRequest): User {
  if (user === null) throw new Error(`${routeOptions.url} let in someone without a user`);
  return user;
}
