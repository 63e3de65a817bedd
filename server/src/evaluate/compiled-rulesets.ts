import { applyChanges, applyKill, applySnapshot, type CompiledRuleset } from '@bunting/core';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';

/**
 * What each environment serves, ready to evaluate on the server. An environment is compiled when it is first asked for,
 * and follows its changes and kills from then on.
 */
export class CompiledRulesets {
  readonly #now: () => number;
  readonly #compiled = new Map<string, CompiledRuleset>();

  constructor(rulesets: Rulesets, now: () => number) {
    this.#now = now;
    rulesets.onChange(({ environmentId }, { from, revision, committedAtMs, puts, deletes }) => {
      const header = { type: 'changes', from, revision, committedAtMs, timeMs: now() } as const;
      this.#advance(environmentId, (compiled) => applyChanges(compiled, { ...header, items: puts, delete: deletes }));
    });
    rulesets.onKill(({ environmentId }, kill) => this.#advance(environmentId, (compiled) => applyKill(compiled, kill)));
    rulesets.onReplace(({ environmentId }) => this.#compiled.delete(environmentId));
    rulesets.onRemove(({ environmentId }) => this.#compiled.delete(environmentId));
  }

  get(ruleset: LiveRuleset): CompiledRuleset {
    let compiled = this.#compiled.get(ruleset.environmentId);
    if (compiled === undefined) {
      const { revision, committedAtMs, kills } = ruleset;
      const header = { type: 'snapshot', revision, committedAtMs, timeMs: this.#now() } as const;
      compiled = applySnapshot({ ...header, kills, items: ruleset.items() }, { clock: this.#now });
      this.#compiled.set(ruleset.environmentId, compiled);
    }
    return compiled;
  }

  /** What cannot be advanced is compiled anew when it is next asked for. */
  #advance(environmentId: string, step: (compiled: CompiledRuleset) => CompiledRuleset | undefined): void {
    const compiled = this.#compiled.get(environmentId);
    if (compiled === undefined) return;
    const next = step(compiled);
    if (next === undefined) this.#compiled.delete(environmentId);
    else this.#compiled.set(environmentId, next);
  }
}
