import type { Source } from './config.ts';
import { whole } from './whole.ts';

const perSecond = () => whole('give a number between 1 and 1000000, or 0 for no bound', 0, 1_000_000);

/** How much evaluating may be asked for over HTTP: by OFREP, and by pages without a WebSocket. Of each server. */
export const evaluationSettings = {
  /** With one key. 0: no bound. */
  evaluationsPerKeyPerSecond: perSecond().default(5_000),
  /** From one address with client keys, which are public, or without a valid key. 0: no bound. */
  evaluationsPerAddressPerSecond: perSecond().default(200),
  /** Responses that stay open, with one key. */
  eventStreamsPerKey: whole('give a number between 1 and 1000000', 1, 1_000_000).default(10_000),
};

export const EVALUATION_SOURCES = {
  evaluationsPerKeyPerSecond: { variable: 'BUNTING_EVALUATIONS_PER_KEY_PER_SECOND' },
  evaluationsPerAddressPerSecond: { variable: 'BUNTING_EVALUATIONS_PER_ADDRESS_PER_SECOND' },
  eventStreamsPerKey: { variable: 'BUNTING_EVENT_STREAMS_PER_KEY' },
} satisfies Readonly<Record<keyof typeof evaluationSettings, Source>>;
