import type { Event, EventName, State, StateName, Step, Surroundings, Transition } from './state.ts';
import {
  giveUpOpening,
  giveUpSilent,
  goLive,
  greet,
  ignore,
  leave,
  lose,
  open,
  resynchronise,
  stayLive,
  stop,
  stopConnected,
} from './transitions.ts';

/**
 * The life of the connection as a pure function: the next state, and the effects that the shell (`connection.ts`)
 * carries out in order. Total: an event that makes no sense in a state changes nothing.
 *
 *   idle -> opening -> greeting -> live
 *             ^ |         |         |
 *             | v         v         v      any failure, or goodbye
 *            waiting <----+---------+      `stop` leads from anywhere to closed
 *
 * Which transport is opened is in `choice.ts`. From a fallback, `live` leads to opening the best one now and then. One timer runs in every state but `idle` and `closed`, so the machine can never be stuck.
 */
export function step(state: State, event: Event, around: Surroundings): Step {
  const transition = TABLE[state.name][event.type] as Transition<EventName>;
  return transition(state, event, around);
}

type Row = { readonly [Name in EventName]: Transition<Name> };

const TABLE: Readonly<Record<StateName, Row>> = {
  idle: {
    start: open,
    timeout: ignore,
    opened: ignore,
    synced: ignore,
    heard: ignore,
    unusable: ignore,
    goodbye: ignore,
    lost: ignore,
    stop,
  },
  waiting: {
    start: ignore,
    timeout: open,
    opened: ignore,
    synced: ignore,
    heard: ignore,
    unusable: ignore,
    goodbye: ignore,
    lost: ignore,
    stop,
  },
  opening: {
    start: ignore,
    timeout: giveUpOpening,
    opened: greet,
    synced: ignore,
    heard: ignore,
    unusable: ignore,
    goodbye: ignore,
    lost: lose,
    stop: stopConnected,
  },
  greeting: {
    start: ignore,
    timeout: giveUpSilent,
    opened: ignore,
    synced: goLive,
    // Does not extend the deadline: a server that sends heartbeats but no ruleset is left too.
    heard: ignore,
    unusable: resynchronise,
    goodbye: leave,
    lost: lose,
    stop: stopConnected,
  },
  live: {
    start: ignore,
    timeout: giveUpSilent,
    opened: ignore,
    synced: stayLive,
    heard: stayLive,
    unusable: resynchronise,
    goodbye: leave,
    lost: lose,
    stop: stopConnected,
  },
  closed: {
    start: ignore,
    timeout: ignore,
    opened: ignore,
    synced: ignore,
    heard: ignore,
    unusable: ignore,
    goodbye: ignore,
    lost: ignore,
    stop: ignore,
  },
};
