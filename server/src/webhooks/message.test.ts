import { expect, test } from 'vitest';
import { emailMessage } from './email.ts';
import { messageOf } from './message.ts';
import { tell } from './story.ts';

const EVENT = {
  id: 'e1',
  chain: 'project:shop',
  seq: 7,
  at: '2030-01-31T12:00:00.000Z',
  actor: { kind: 'user', id: 'u1', name: 'A <b> *user*' },
  action: 'flag.killed',
  project: 'shop',
  environment: 'production',
  target: { kind: 'flag', key: 'new_checkout' },
  before: null,
  after: { engaged: true },
  requestId: null,
  comment: 'Errors <!channel>',
  hash: 'h',
} as const;

const LINK = 'https://flags.example.com/x';

test('Slack gets a sentence in which nobody can hide a mention', () => {
  const message = JSON.parse(messageOf('slack', EVENT, LINK));
  expect(message.blocks[0].text.text).toBe(
    '*A &lt;b&gt; *user** killed flag new_checkout in production of shop (<https://flags.example.com/x|look>)',
  );
  const lines = message.blocks.slice(1).map(({ elements }: { elements: object[] }) => elements[0]);
  expect(lines).toEqual([
    { type: 'plain_text', text: 'Comment: Errors <!channel>', emoji: false },
    { type: 'plain_text', text: 'When: 2030-01-31 12:00:00.000 UTC', emoji: false },
  ]);
  expect(message.text).toBe('A &lt;b&gt; *user* killed flag new_checkout in production of shop');
});

test('a sentence says what was done, also to a part of something', () => {
  const updated = { ...EVENT, actor: { ...EVENT.actor, name: 'Ada' }, action: 'flag.environment.updated' };
  expect(JSON.parse(messageOf('slack', updated, undefined)).text).toBe(
    'Ada updated flag new_checkout in production of shop',
  );
});

test('Teams gets a card with a button', () => {
  const [{ content }] = JSON.parse(messageOf('teams', EVENT, LINK)).attachments;
  expect(content.body[0].text).toBe('A \\<b\\> \\*user\\* killed flag new\\_checkout in production of shop');
  expect(content.actions).toEqual([{ type: 'Action.OpenUrl', title: 'Look', url: 'https://flags.example.com/x' }]);
  expect(JSON.parse(messageOf('teams', EVENT, undefined)).attachments[0].content).not.toHaveProperty('actions');
});

test('an event that is too large is told without what was before and after', () => {
  const { data } = JSON.parse(messageOf('standard', { ...EVENT, after: 'x'.repeat(300_000) }, undefined));
  expect(data).toMatchObject({ truncated: true, target: EVENT.target });
  expect(data).not.toHaveProperty('after');
});

const HOSTILE = '<script>&\r\nBcc: eve@example.com\u202e<!channel> [x](https://evil.example)';

const INTERVENTION = {
  ...EVENT,
  actor: { kind: 'safeguard', id: 's1', name: 'Checkout errors' },
  action: 'intervention.acted',
  comment: undefined,
  after: {
    action: 'kill',
    reason: 'Below the limit of 3 in an hour.',
    cause: {
      summary: 'Requests fail 21 times more often with on',
      firstBadAtMs: 1_896_091_199_250,
      detectedAtMs: 1_896_091_200_000,
      evidence: { on: { bad: 31, count: 400 }, off: { bad: 1, count: 399 }, eValue: 412.3456 },
      link: 'https://prometheus.example.com/graph',
    },
  },
} as const;

test('what acted by itself says why, on what evidence, since when, and from where it comes', () => {
  const { subject, text } = emailMessage(tell(INTERVENTION, LINK));
  expect(subject).toBe('[Bunting] Checkout errors killed flag new_checkout in production of shop');
  expect(text).toBe(
    `Checkout errors killed flag new_checkout in production of shop.

Why: Requests fail 21 times more often with on
Evidence: on: bad 31, count 400; off: bad 1, count 399; eValue 412
Bad since: 2030-01-31 11:59:59.250 UTC
Found: 2030-01-31 12:00:00.000 UTC
Note: Below the limit of 3 in an hour.
When: 2030-01-31 12:00:00.000 UTC
Source: https://prometheus.example.com/graph

${LINK}
`,
  );
});

test.each([
  ['intervention.would_have', 'kill', 'would have killed flag'],
  ['intervention.acted', 'pause', 'paused flag'],
  ['intervention.rate_limited', 'kill', 'could not kill flag'],
  ['intervention.already', 'kill', 'wanted to kill, as it was already, flag'],
  ['intervention.acted', 'constructor', 'acted flag'],
])('%s of %s reads: %s', (action, asked, deed) => {
  const story = tell({ ...INTERVENTION, action, after: { action: asked } }, undefined);
  expect(story.deed).toBe(`${deed} new_checkout in production of shop`);
});

test('a verdict is told as what it is about', () => {
  const event = {
    ...INTERVENTION,
    action: 'safeguard.failed',
    target: { kind: 'safeguard', key: '0190' },
    after: { flag: 'new_checkout', summary: 'Requests fail 21 times more often with on' },
  };
  const { deed, facts } = tell(event, undefined);
  expect(deed).toBe('reached its verdict on flag new_checkout in production of shop');
  expect(facts[0]).toEqual({ name: 'Why', text: 'Requests fail 21 times more often with on' });
});

test('a line that is stopped is told as that, once about its project', () => {
  const target = { kind: 'project', key: 'shop' };
  const event = { ...EVENT, action: 'line.stopped', target, environment: null, after: { reason: 'Storm' } };
  expect(tell(event, undefined)).toMatchObject({
    deed: 'stopped the line of project shop',
    facts: [{ text: 'Storm' }, {}, {}],
  });
});

test('a fire drill is told by how it ended', () => {
  const after = {
    reason: 'Not every instance confirmed it in time.',
    sentToLastMs: 30_000,
    instances: 3,
    confirmed: 2,
  };
  const target = { kind: 'fire-drill', key: 'production' };
  const { deed, facts } = tell({ ...EVENT, action: 'fire-drill.failed', target, after, comment: undefined }, undefined);
  expect(deed).toBe('failed a fire drill in production of shop');
  expect(facts.slice(0, 2).map(({ text }) => text)).toEqual([after.reason, '2 of 3 instances, the last after 30 s']);
});

test('a release that is taken back is told by its title, with what decided it', () => {
  const after = { title: 'Autumn', decision: 'Gate errors failed.', phase: 'aborting' };
  const event = { ...INTERVENTION, action: 'release.aborting', target: { kind: 'release', key: '0190' }, after };
  const { deed, facts } = tell(event, undefined);
  expect(deed).toBe('takes back release Autumn in production of shop');
  expect(facts[0]).toEqual({ name: 'Why', text: 'Gate errors failed.' });
});

test.each([
  ['line.stopped', { kind: 'project', key: 'shop' }, 'stopped the line of project shop in production'],
  ['ramp.held', { kind: 'flag', key: 'checkout' }, 'held the ramps of flag checkout in production of shop'],
])('%s is told as what was done, and why', (action, target, expected) => {
  const { deed, facts } = tell({ ...INTERVENTION, action, target, after: { reason: 'on fire' } }, undefined);
  expect([deed, facts[0]]).toEqual([expected, { name: 'Why', text: 'on fire' }]);
});

test('what came of a kill is told with how far it came, and who is missing', () => {
  const killed = { ...EVENT, actor: { kind: 'system', id: 'system', name: 'Bunting' }, comment: undefined } as const;
  const reach = {
    instances: 100,
    confirmed: 100,
    pending: 0,
    unknown: 0,
    lastMs: 62.7,
    firstBadToLastMs: 1_018.6,
    stragglers: [],
  };
  const confirmed = tell({ ...killed, action: 'flag.kill.confirmed', after: reach }, undefined);
  expect(confirmed.deed).toBe('confirmed the kill of flag new_checkout in production of shop');
  expect(confirmed.facts[0]?.text).toBe('100 of 100 instances, the last after 63 ms, 1.02 s after it began to be bad');
  const stragglers = Array.from({ length: 7 }, (_, at) => ({ app: at === 0 ? null : 'web', id: `i${at}` }));
  const missing = { ...reach, confirmed: 93, pending: 7, unknown: 2, lastMs: null, firstBadToLastMs: null, stragglers };
  const unconfirmed = tell({ ...killed, action: 'flag.kill.unconfirmed', after: missing }, undefined);
  expect(unconfirmed.deed).toBe('could not confirm the kill of flag new_checkout in production of shop');
  expect(unconfirmed.facts[0]?.text).toBe(
    '93 of 100 instances, 2 lost shortly before, not: i0, web i1, web i2, web i3, web i4, ...',
  );
});

test('hostile names stay text in mail', () => {
  const event = {
    ...INTERVENTION,
    actor: { ...INTERVENTION.actor, name: HOSTILE },
    after: { cause: { summary: HOSTILE } },
  };
  const { subject, text, html } = emailMessage(tell(event, `${LINK}"onclick="x`));
  expect(subject).not.toMatch(/[\r\n\u202e]/);
  expect(text.split('\n')).not.toContainEqual(expect.stringMatching(/^Bcc/));
  expect(html).not.toMatch(/<script|<!channel|"onclick/);
});

test.each(['slack', 'teams'] as const)('hostile evidence stays text in %s', (format) => {
  const event = {
    ...INTERVENTION,
    after: { action: 'kill', cause: { summary: HOSTILE, evidence: { [HOSTILE]: HOSTILE } } },
  };
  const message = JSON.parse(messageOf(format, event, undefined));
  if (format === 'slack') {
    for (const { type, elements } of message.blocks.slice(1))
      expect([type, elements[0].type]).toEqual(['context', 'plain_text']);
    expect(message.text).not.toContain('<!');
  } else {
    const [{ content }] = message.attachments;
    for (const { value } of content.body[1].facts) expect(value.replaceAll(/\\./g, '')).not.toMatch(/[<>[\]()*_#`]/);
  }
});

test.each([undefined, null, 'text', 7, [1, 2], { a: [1] }, { a: null, b: { c: { d: 1 } } }])(
  'evidence of any shape is told in a line: %j',
  (evidence) => {
    const { facts } = tell({ ...INTERVENTION, after: { cause: { evidence } } }, undefined);
    for (const { text } of facts) expect(text).toMatch(/^[^\n]{1,500}$/);
  },
);
