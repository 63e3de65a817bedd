import { compile, explain } from '@bunting/core';
import { describe, expect, test } from 'vitest';
import { comparable, loadTopics } from './load.ts';

const topics = loadTopics();

test('the suite has its topics', () => {
  expect(topics.length).toBeGreaterThanOrEqual(22);
  expect(topics.flatMap(({ cases }) => cases).length).toBeGreaterThan(300);
});

describe.each(topics)('$name', ({ ruleset, cases }) => {
  let ageMs: number | undefined;
  const inContact = compile(ruleset);
  const aged = compile(ruleset, { contactAge: () => ageMs ?? 0 });

  test.each(cases)('$description', ({ flagKey, context, nowMs, contactAgeMs, expected }) => {
    ageMs = contactAgeMs;
    const compiled = contactAgeMs === undefined ? inContact : aged;
    const answer = compiled.evaluate(flagKey, context, nowMs);
    expect(comparable(answer, expected)).toEqual(comparable(expected, expected));
    expect(explain(compiled, flagKey, context, nowMs).evaluation).toEqual(answer);
  });
});
