import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EvaluationContext, Ruleset } from './model.ts';
import { context, FLAG_KEYS, moment, ruleset } from './random-ruleset.test.fixture.ts';
import { type CompiledRuleset, compile } from './ruleset.ts';
import { applyChanges, applyKill, applySnapshot } from './sync/apply.ts';
import { type ChangesMessage, type Item, type ItemKind, type SnapshotMessage, toItem } from './sync/messages.ts';
import { explain } from './trace/explain.ts';

/** What every flag answers, without the counters. */
function answersOf(compiled: CompiledRuleset, subject: EvaluationContext, nowMs: number) {
  return FLAG_KEYS.map((key) => ({ ...compiled.evaluate(key, subject, nowMs), exposures: 0 }));
}

function itemsOf({ flags, segments = [], layers = [], holdouts = [] }: Ruleset): Item[] {
  const all: [ItemKind, readonly { readonly key: string }[]][] = [
    ['flag', flags],
    ['segment', segments],
    ['layer', layers],
    ['holdout', holdouts],
  ];
  return all.flatMap(([kind, documents]) => documents.map((document) => toItem(kind, document)));
}

const header = { committedAtMs: 0, timeMs: 0 };

function snapshotOf(documents: Ruleset, number: number): SnapshotMessage {
  const revision = { incarnation: 'i', number, hash: 'h' };
  return { ...header, type: 'snapshot', revision, kills: documents.kills ?? [], items: itemsOf(documents) };
}

/** Of the contact with a server, in milliseconds. */
const age = fc.oneof(fc.integer({ min: 0, max: 200_000 }), fc.constantFrom(Number.POSITIVE_INFINITY, Number.NaN));

describe('random rulesets and contexts', () => {
  test('every generated document is well formed', () => {
    fc.assert(
      fc.property(ruleset, (documents) => {
        const compiled = compile(documents);
        compiled.validate();
        expect(compiled.broken).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('the trace ends in what evaluation answers', () => {
    fc.assert(
      fc.property(
        ruleset,
        fc.array(context, { minLength: 1, maxLength: 5 }),
        moment,
        age,
        (documents, contexts, nowMs, ageMs) => {
          const compiled = compile(documents, { contactAge: () => ageMs });
          for (const subject of contexts) {
            for (const key of FLAG_KEYS) {
              const trace = explain(compiled, key, subject, nowMs);
              expect(trace.evaluation).toEqual(compiled.evaluate(key, subject, nowMs));
              expect(trace.steps.length).toBeGreaterThan(0);
            }
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('an evaluation depends on nothing but the ruleset, the context and the time', () => {
    fc.assert(
      fc.property(ruleset, context, context, moment, moment, (documents, subject, other, nowMs, otherMs) => {
        const first = compile(documents);
        const answers = answersOf(first, subject, nowMs);
        const second = compile(documents, { clock: () => nowMs });
        for (const key of [...FLAG_KEYS].reverse()) second.evaluate(key, other, otherMs);
        expect(answersOf(second, subject, nowMs)).toEqual(answers);
        expect(answersOf(second, { ...subject }, Number.NaN)).toEqual(answers);
        expect(answersOf(first, subject, nowMs)).toEqual(answers);
      }),
      { numRuns: 300 },
    );
  });

  test('losing contact changes nothing but what is leased, and that to its fallback, whatever the age was before', () => {
    fc.assert(
      fc.property(ruleset, context, moment, age, (documents, subject, nowMs, ageMs) => {
        const alone = {
          ...documents,
          // What leads to another flag is judged where that flag is.
          flags: documents.flags.map(({ prerequisites: _, ...flag }) => flag),
        };
        const inContact = compile(alone, { contactAge: () => 0 });
        const apart = compile(alone, { contactAge: () => ageMs });
        for (const flag of alone.flags) {
          const [before, after] = [inContact, apart].map((each) => each.evaluate(flag.key, subject, nowMs));
          if (after?.metadata.cause !== 'lease') {
            expect(after?.reason === 'DEFAULT' || after?.variant === before?.variant).toBe(true);
            continue;
          }
          const serves = [...(flag.rules ?? []).map(({ serve }) => serve), flag.defaultRule];
          const leases = serves.flatMap((serve) => ('split' in serve ? (serve.split.lease ?? []) : []));
          // Below a version floor the leased variant was drawn, and not served.
          const drawn = before?.metadata.wanted ?? before?.variant;
          expect(leases).toContainEqual(expect.objectContaining({ variant: drawn, fallback: after.variant }));
          expect(after.reason).toBe('STALE');
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('ambient attributes answer, and explain themselves, as those of a context that lacks them', () => {
    fc.assert(
      fc.property(ruleset, context, context, moment, (documents, ambient, subject, nowMs) => {
        const own = Object.fromEntries(Object.entries(subject).filter(([, value]) => value !== undefined));
        const expected = answersOf(compile(documents), { ...ambient, ...own }, nowMs);
        const compiled = compile(documents, { ambient });
        expect(answersOf(compiled, subject, nowMs)).toEqual(expected);
        const traced = FLAG_KEYS.map((key) => ({ ...explain(compiled, key, subject, nowMs).evaluation, exposures: 0 }));
        expect(traced).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test('changes lead to what a snapshot of the same documents answers, and leave the ruleset before as it was', () => {
    fc.assert(
      fc.property(ruleset, ruleset, fc.nat(), context, moment, (before, other, mask, subject, nowMs) => {
        const first = applySnapshot(snapshotOf(before, 1));
        const answers = answersOf(first, subject, nowMs);
        // Some documents of the other ruleset replace those of the first, and some are deleted.
        const replaced = itemsOf(other).filter((_, i) => (mask >> i) & 1);
        const deleted = itemsOf(before).filter((_, i) => (mask >> (i + 8)) & 1 && i % 3 === 0);
        const revision = { incarnation: 'i', number: 2, hash: 'h' };
        const message: ChangesMessage = {
          ...header,
          type: 'changes',
          from: 1,
          revision,
          delete: deleted,
          items: replaced,
        };
        const changed = applyChanges(first, message);
        if (changed === undefined) return expect.unreachable('the changes follow on');
        const merged = new Map(itemsOf(before).map((item) => [`${item.kind} ${item.key}`, item]));
        for (const { kind, key } of deleted) merged.delete(`${kind} ${key}`);
        for (const item of replaced) merged.set(`${item.kind} ${item.key}`, item);
        const whole = applySnapshot({ ...snapshotOf(before, 2), items: [...merged.values()] });
        expect(answersOf(changed, subject, nowMs)).toEqual(answersOf(whole, subject, nowMs));
        expect(answersOf(first, subject, nowMs)).toEqual(answers);
        expect(answersOf(changed, subject, nowMs)).toEqual(answersOf(whole, subject, nowMs));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a kill anywhere in any prerequisite graph', () => {
  /** The flags that depend on `key`, however far, and itself. */
  function dependents(documents: Ruleset, key: string): Set<string> {
    const found = new Set([key]);
    for (let grown = true; grown; ) {
      grown = false;
      for (const flag of documents.flags) {
        if (found.has(flag.key) || !flag.prerequisites?.some((wanted) => found.has(wanted.flag))) continue;
        found.add(flag.key);
        grown = true;
      }
    }
    return found;
  }

  const anything = fc.oneof(
    { weight: 5, arbitrary: context },
    { weight: 1, arbitrary: fc.constantFrom(null, 'x', undefined) },
  );

  test('makes all that depends on the flag serve its safe variant, and leaves all else as it was', () => {
    fc.assert(
      fc.property(ruleset, fc.constantFrom(...FLAG_KEYS), anything, moment, (documents, key, subject, nowMs) => {
        const before = compile({ ...documents, kills: [] });
        const answers = answersOf(before, subject as EvaluationContext, nowMs);
        const after = applyKill(before, { flag: key, epoch: 9, engaged: true });
        const held = dependents(documents, key);
        for (const [i, flag] of documents.flags.entries()) {
          const answer = { ...after.evaluate(flag.key, subject as EvaluationContext, nowMs), exposures: 0 };
          if (held.has(flag.key)) {
            expect(answer.variant).toBe(flag.safeVariant ?? flag.offVariant);
            expect(answer).toMatchObject({ reason: 'DISABLED', metadata: { cause: 'kill' } });
          } else {
            expect(answer).toEqual(answers[i]);
          }
        }
        const rearmed = applyKill(after, { flag: key, epoch: 10, engaged: false });
        expect(answersOf(rearmed, subject as EvaluationContext, nowMs)).toEqual(answers);
      }),
      { numRuns: 500 },
    );
  });
});
