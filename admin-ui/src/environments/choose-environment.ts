import type { Environment } from '../api/types.ts';

/** The environment that an address names; else the first. Undefined: the project has none. */
export function namedOrFirst(environments: readonly Environment[], key: string | undefined): Environment | undefined {
  return environments.find((one) => one.key === key) ?? environments[0];
}

/** The environment that an address names; else where people are served: the first that is production, else the first. */
export function namedOrProduction(
  environments: readonly Environment[],
  key: string | undefined,
): Environment | undefined {
  return environments.find((one) => one.key === key) ?? environments.find((one) => one.production) ?? environments[0];
}
