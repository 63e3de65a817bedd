import { step } from './machine.ts';
import { type Effect, type Event, INITIAL, type State } from './state.ts';
import { type Span, TIMING } from './timing.ts';

const TRAITS = { silenceTimeoutMs: 45_000 };

/** Carries out effects as the shell would, in a world of one imagined server, and watches the promises. */
export class World {
  readonly transports: readonly (typeof TRAITS)[];
  state: State = INITIAL;
  nowMs = 0;
  random = 0.5;
  /** Sockets that exist; the promise is never more than one. */
  sockets = 0;
  timer: Span | undefined;
  hellos: boolean[] = [];
  reports: string[] = [];
  /** The transports that were opened. */
  opened: number[] = [];
  /** Of the last event. */
  effects: readonly Effect[] = [];

  constructor(transports = 3) {
    this.transports = Array.from({ length: transports }, () => TRAITS);
  }

  send(event: Event): readonly Effect[] {
    // A socket that is lost exists no more; the shell says so before it tells the machine.
    if (event.type === 'lost' && this.sockets > 0) this.sockets = 0;
    if (event.type === 'timeout') this.timer = undefined;
    const { state, effects } = step(this.state, event, {
      nowMs: this.nowMs,
      random: this.random,
      timing: TIMING,
      transports: this.transports,
    });
    this.state = state;
    this.effects = effects;
    for (const effect of effects) this.#carryOut(effect);
    return effects;
  }

  /** Is there a socket that could say something, or a timer that could run out, for this event to happen? */
  possible(event: Event): boolean {
    if (event.type === 'start' || event.type === 'stop') return true;
    if (event.type === 'timeout') return this.timer !== undefined;
    if (event.type === 'opened') return this.state.name === 'opening';
    if (event.type === 'lost') return this.sockets > 0;
    return this.state.name === 'greeting' || this.state.name === 'live';
  }

  #carryOut(effect: Effect): void {
    if (effect.type === 'open') {
      this.sockets++;
      this.hellos.push(effect.askSnapshot);
      this.opened.push(effect.index);
    }
    if (effect.type === 'drop' || effect.type === 'finish') this.sockets--;
    if (effect.type === 'setTimer') this.timer = effect.span;
    if (effect.type === 'clearTimer') this.timer = undefined;
    if (effect.type === 'report') this.reports.push(effect.code);
  }
}
