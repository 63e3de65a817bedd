import { createHash } from 'node:crypto';
import { toCanonicalJson } from '@bunting/core';
import { expect, test } from 'vitest';
import type { GateFacts } from '../gates/gate.ts';
import { type Command, obey } from '../releases/command.ts';
import type { Facts } from '../releases/facts.ts';
import { next } from '../releases/machine.ts';
import type { Next } from '../releases/next.ts';
import type { Spec } from '../releases/spec.ts';
import { FIRST_STATE, type State } from '../releases/state.ts';
import { MACHINE } from './decision.ts';

const spec: Spec = {
  strategy: 'canary',
  flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
  traffic: { target: 'shop', candidate: '2.0', baseline: '1.9' },
  stages: [
    { trafficPer100k: 5_000, flagsPer100k: 0, soakSeconds: 60, gates: [{ name: 'errors', kind: 'calendar' }] },
    { trafficPer100k: 100_000, flagsPer100k: 0, soakSeconds: 60, maxSeconds: 600, approvals: 1 },
    { trafficPer100k: 100_000, flagsPer100k: 100_000, soakSeconds: 60 },
  ],
  bakeSeconds: 120,
  rollbackWindowSeconds: 3_600,
};

const capabilities = {
  ...{ atomic: true, sticky: true, lease: false, drain: true, shadow: false, fenced: true },
  granularityPer100k: 1,
};

/** What is around a release, and all that was decided in it: a line each. */
class Scene {
  nowMs = 0;
  state: State = FIRST_STATE;
  flagsPer100k = 0;
  trafficPer100k = 0;
  isKilled = false;
  noGrowth: string | undefined;
  unwatchedMs = 0;
  applying: Facts['applying'];
  verdict: GateFacts['verdict'] = 'running';
  lines = '';

  get facts(): Facts {
    const gate = { onFailure: 'abort', onInconclusive: 'hold', onProviderLoss: undefined, dryRun: false } as const;
    const { isKilled, verdict, unwatchedMs, applying } = this;
    return {
      nowMs: this.nowMs,
      flags: [{ flag: 'checkout', weightPer100k: this.flagsPer100k, isEnabled: true, isKilled, isGone: false }],
      problems: [],
      ...{ noGrowth: this.noGrowth, unwatchedMs, applying },
      traffic: { candidatePer100k: this.trafficPer100k, capabilities },
      gates: [{ gate: 'errors', verdict, reason: `it is ${verdict}.`, sinceMs: 0, ...gate }],
    };
  }

  do(command: Command): this {
    this.#take(command.name, obey(spec, this.state, command, this.facts));
    return this.pass(0);
  }

  /** Looks until nothing happens. */
  pass(seconds: number): this {
    this.nowMs += seconds * 1000;
    for (let looks = 0; looks < 50; looks++) {
      const step = next(spec, this.state, this.facts);
      this.#take('look', step);
      if (step.decision === undefined && step.setTraffic === undefined) return this;
    }
    throw new Error('it never comes to rest');
  }

  set(world: Partial<Omit<Scene, 'lines' | 'facts' | 'do' | 'pass' | 'set'>>): this {
    return Object.assign(this, world);
  }

  #take(what: string, { state, setFlagsPer100k, setTraffic, decision }: Next): void {
    this.state = state;
    this.flagsPer100k = setFlagsPer100k ?? this.flagsPer100k;
    this.trafficPer100k = setTraffic?.candidatePer100k ?? this.trafficPer100k;
    if (decision === undefined) return;
    const digest = createHash('sha256').update(toCanonicalJson(state)).digest('hex').slice(0, 12);
    this.lines += `${this.nowMs / 1000} s, ${what}: ${decision} [${digest}]\n`;
  }
}

/*
 * What the machine of this number decided when it was recorded, it decides for ever: else exports that were right would be
 * called false. Where this fails and the change is meant, raise MACHINE and record anew (vitest --update).
 */
test(`machine ${MACHINE} decides as it did when it was recorded`, async () => {
  const reason = { reason: 'errors at 12 %' };
  const good = new Scene().do({ name: 'start' }).set({ verdict: 'successful' }).pass(60).pass(60);
  good.do({ name: 'pause', pause: { id: 'a', cause: 'person', by: 'Ada', reason: 'lunch' } }).pass(60);
  good.do({ name: 'resume' }).set({ noGrowth: 'It is frozen.' }).do({ name: 'approve', by: 'b' });
  good.set({ noGrowth: undefined }).pass(60).pass(60).pass(120);
  good
    .do({ name: 'rollback', ...reason, gradual: { steps: 2, everySeconds: 30 } })
    .pass(30)
    .pass(30);
  const bad = new Scene().do({ name: 'start' }).set({ verdict: 'failed' }).pass(10);
  bad.set({ verdict: 'running' }).do({ name: 'retry' }).set({ trafficPer100k: 70_000 }).pass(1);
  bad.do({ name: 'resume' }).do({ name: 'set_weight', by: 'Ada', trafficPer100k: 30_000 });
  bad.do({ name: 'promote' }).set({ isKilled: true }).pass(1);
  const alone = new Scene().do({ name: 'start' }).pass(30).set({ unwatchedMs: 20_000 }).pass(20);
  alone.set({ applying: { candidatePer100k: 5_000, sinceMs: 0, isFenced: true } }).do({ name: 'abort', ...reason });
  await expect(`${good.lines}\n${bad.lines}\n${alone.lines}`).toMatchFileSnapshot(`recorded-${MACHINE}.txt`);
});
