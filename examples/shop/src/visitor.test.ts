import { expect, test } from 'vitest';
import { contextOf, identifyVisitor } from './visitor.ts';

test('a newcomer gets an id and the cookie that keeps it', () => {
  const { visitor, setCookies } = identifyVisitor({});
  expect(visitor.id).toMatch(/^v-[0-9a-f]{12}$/);
  expect(setCookies).toHaveLength(1);
  expect(setCookies[0]).toContain(`visitor=${visitor.id};`);
});

test('whoever has been here keeps their id', () => {
  const { visitor, setCookies } = identifyVisitor({ cookie: 'a=1; visitor=sim-007; plan=trade; country=NL' });
  expect(visitor).toEqual({ id: 'sim-007', country: 'NL', device: 'desktop', plan: 'trade' });
  expect(setCookies).toEqual([]);
});

test('an id that we never gave out is replaced', () => {
  const { visitor } = identifyVisitor({ cookie: `visitor=<b>${'x'.repeat(99)}` });
  expect(visitor.id).toMatch(/^v-[0-9a-f]{12}$/);
});

test('an unknown plan is a guest', () => {
  expect(identifyVisitor({ cookie: 'plan=emperor' }).visitor.plan).toBe('guest');
});

test('country comes from the first language, or is left out of the context', () => {
  expect(identifyVisitor({ 'accept-language': 'de-AT,de;q=0.9,en-US' }).visitor.country).toBe('AT');
  expect(contextOf(identifyVisitor({ 'accept-language': 'en' }).visitor)).not.toHaveProperty('country');
});

test.each([
  ['Mozilla/5.0 (Linux; Android 14) Mobile Safari', 'phone'],
  ['Mozilla/5.0 (iPad; CPU OS 17) Mobile', 'tablet'],
  ['Mozilla/5.0 (X11; Linux x86_64)', 'desktop'],
])('%s is a %s', (userAgent, device) => {
  expect(identifyVisitor({ 'user-agent': userAgent }).visitor.device).toBe(device);
});
