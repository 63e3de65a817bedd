export { buntingExpress } from './express.ts';
export { buntingFastify } from './fastify.ts';
export type { RequestContextOptions } from './request-context.ts';
export { currentContext, flagsInContext, runWithContext } from './scope.ts';
