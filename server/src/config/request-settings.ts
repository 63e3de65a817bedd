import type { Source } from './config.ts';
import { whole } from './whole.ts';

const perSecond = () => whole('give a number between 1 and 1000000, or 0 for no bound', 0, 1_000_000);

/** How much may be asked of the API. Of each server. */
export const requestSettings = {
  /** By a person, service account or admin key; as many kills besides. 0: no bound. */
  requestsPerCallerPerSecond: perSecond().default(500),
  /** From one address without a valid credential. 0: no bound. */
  requestsPerAddressPerSecond: perSecond().default(50),
};

export const REQUEST_SOURCES = {
  requestsPerCallerPerSecond: { variable: 'BUNTING_REQUESTS_PER_CALLER_PER_SECOND' },
  requestsPerAddressPerSecond: { variable: 'BUNTING_REQUESTS_PER_ADDRESS_PER_SECOND' },
} satisfies Readonly<Record<keyof typeof requestSettings, Source>>;
