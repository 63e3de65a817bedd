import { compile, explain } from '@bunting/core';
import { describe, expect, test } from 'vitest';
import { comparable, loadTopics } from './load.ts';

const topics = loadTopics();

test('the suite has its topics', () => {
  expect(topics.length).toBeGreaterThanOrEqual(22);
  expect(topics.flatMap(({ cases }) => cases).length).toBeGreaterThan(300);
});

describe.each(topics)('$name', ({ ruleset, cases }) => {
  const compiled = compile(ruleset);

  test.each(cases)('$description', ({ flagKey, context, nowMs, expected }) => {
    const answer = compiled.evaluate(flagKey, context, nowMs);
    expect(comparable(answer, expected)).toEqual(comparable(expected, expected));
    expect(explain(compiled, flagKey, context, nowMs).evaluation).toEqual(answer);
  });
});
