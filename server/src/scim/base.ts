import type { FastifyRequest } from 'fastify';

/** The address of SCIM as who asks has it, without a slash at its end. */
export type BaseOf = (request: Pick<FastifyRequest, 'protocol' | 'host'>) => string;
