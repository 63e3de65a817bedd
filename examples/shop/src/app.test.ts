import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Answers, answeringFlags } from './answering-flags.ts';
import { buildApp, newShared } from './app.ts';

let answers: Answers;
let app: FastifyInstance;

beforeEach(async () => {
  answers = {};
  app = await buildApp(answeringFlags(answers));
});
afterEach(() => app.close());

describe('the flags decide', () => {
  test('the banner and the promise it makes', async () => {
    const cookie = 'visitor=tester; basket=rustic-bunting:1';
    expect((await get('/basket', cookie)).body).not.toContain('Free shipping on orders');
    expect((await get('/basket', cookie)).body).toContain('€58.90');
    answers.banner = true;
    expect((await get('/basket', cookie)).body).toContain('Free shipping on orders from €40.00');
    expect((await get('/basket', cookie)).body).toMatch(/Total<\/dt><dd>€54.00/);
  });

  test('the headline as text, escaped, and the theme by the variant', async () => {
    answers.headline = { value: 'Salt & <b>wind</b>', variant: 'seaside' };
    const { body } = await get('/');
    expect(body).toContain('<h1>Salt &amp; &lt;b&gt;wind&lt;/b&gt;</h1>');
    expect(body).toContain('data-theme="seaside"');
  });

  test('a variant that nobody has drawn a theme for wears the classic one', async () => {
    answers.headline = { value: 'New', variant: '"><script>' };
    expect((await get('/')).body).toContain('<html lang="en" data-theme="classic">');
  });

  test('which checkout there is', async () => {
    const cookie = 'visitor=tester; basket=rustic-bunting:1';
    expect((await get('/checkout', cookie)).body).toContain('data-checkout="classic"');
    answers.onePage = true;
    expect((await get('/checkout', cookie)).body).toContain('data-checkout="one-page"');
  });
});

describe('the list', () => {
  test('is searched by every word, and sorted', async () => {
    const { body } = await get('/?q=linen&sort=price-down');
    expect([...body.matchAll(/<strong>([^<]+)<\/strong>/g)].map((match) => match[1])).toEqual([
      'Ortolan',
      'Snow Bunting',
    ]);
  });

  test('says so when nothing is found, and repeats the query safely', async () => {
    const { body } = await get(`/?q=${encodeURIComponent('"><script>')}`);
    expect(body).toContain('0 products for “&quot;&gt;&lt;script&gt;”');
  });

  test.each(['/?sort=toString', '/?sort=name&sort=length', '/?q=a&q=b'])(
    '%s is answered all the same',
    async (path) => {
      expect((await get(path)).statusCode).toBe(200);
    },
  );
});

describe('an order', () => {
  const cookie = 'visitor=tester; basket=indigo-bunting:2';
  const delivery = { name: 'Ada', street: '1 Quay', city: '1000 Port' };

  test('is placed on one page', async () => {
    answers.onePage = true;
    const placed = await post('/checkout', { step: 'place', total: '4270', payment: 'invoice', ...delivery }, cookie);
    expect(placed.statusCode).toBe(303);
    expect(String(placed.headers['set-cookie'])).toContain('basket=; ');
    const confirmation = await get(String(placed.headers.location), cookie);
    expect(confirmation.body).toContain('Thank you, Ada');
  });

  test('is placed on two pages, and cannot be seen by others', async () => {
    const payment = await post('/checkout', { step: 'delivery', ...delivery }, cookie);
    expect(payment.body).toContain('Place order, €42.70');
    const placed = await post('/checkout', { step: 'place', total: '4270', payment: 'collect', ...delivery }, cookie);
    const address = String(placed.headers.location);
    expect((await get(address, cookie)).statusCode).toBe(200);
    expect((await get(address, 'visitor=somebody-else')).statusCode).toBe(404);
  });

  test('that began on two pages can still be placed when the flag turns midway', async () => {
    await post('/checkout', { step: 'delivery', ...delivery }, cookie);
    answers.onePage = true;
    const placed = await post('/checkout', { step: 'place', total: '4270', payment: 'collect', ...delivery }, cookie);
    expect(placed.statusCode).toBe(303);
  });

  test('is not placed at a price that was not shown', async () => {
    const shown = { step: 'place', total: '1', payment: 'invoice', ...delivery };
    const answer = await post('/checkout', shown, cookie);
    expect(answer.statusCode).toBe(409);
    expect(answer.body).toContain('The total is now €42.70');
    expect(answer.body).toContain('value="4270"');
  });

  test('with gaps comes back with what was typed and what is missing', async () => {
    const answer = await post('/checkout', { step: 'delivery', name: 'A"da', street: ' ', city: '' }, cookie);
    expect(answer.statusCode).toBe(400);
    expect(answer.body).toContain('value="A&quot;da"');
    expect(answer.body).toContain('Tell us the street and number.');
  });

  test('of nothing leads back to the basket', async () => {
    expect((await get('/checkout', 'visitor=tester')).headers.location).toBe('/basket');
  });
});

describe('bad input', () => {
  test.each([
    [{ product: 'no-such', quantity: '1' }],
    [{ product: 'indigo-bunting', quantity: '-1' }],
    [{ product: 'indigo-bunting', quantity: '1e3' }],
    [{}],
  ])('a basket refuses %o', async (fields: Record<string, string>) => {
    expect((await post('/basket', fields)).statusCode).toBe(400);
  });

  test('another content type is 415, a huge form 413, an unknown page 404, all as pages', async () => {
    const json = await app.inject({ method: 'POST', url: '/basket', payload: { product: 'x' } });
    const huge = await post('/basket', { product: 'x'.repeat(9_000) });
    const unknown = await get('/nowhere');
    expect([json.statusCode, huge.statusCode, unknown.statusCode]).toEqual([415, 413, 404]);
    for (const answer of [json, huge, unknown]) expect(answer.body).toContain('<!doctype html>');
  });
});

test.each(['/products/__proto__', '/assets/nothing.css', '/orders/../../x'])(
  '%s is a page that says so',
  async (path) => {
    const answer = await get(path);
    expect([400, 404]).toContain(answer.statusCode);
    expect(answer.body).toContain('<h1>');
  },
);

test('a style sheet sets no cookie and asks no flag', async () => {
  const answer = await get('/assets/shop.css');
  expect(answer.statusCode).toBe(200);
  expect(answer.headers).not.toHaveProperty('set-cookie');
});

describe('the visitors page', () => {
  test('shows who got which checkout and theme, and what the flags say to the viewer', async () => {
    answers.onePage = true;
    answers.headline = { value: 'Loud', variant: 'festival' };
    await get('/', 'visitor=sim-007; country=NL');
    const { body } = await get('/visitors', 'visitor=viewer');
    expect(body).toContain('sim-007: one-page checkout, festival theme');
    expect(body).toMatch(/<code>new-checkout<\/code><\/th><td>true<\/td><td>on<\/td><td>STATIC<\/td><td>7<\/td>/);
  });

  test('sends its live part as an event, and ends the stream when the shop closes', async () => {
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    const response = await fetch(`${address}/visitors/live`);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const text = response.text();
    await app.close();
    expect(await text).toContain('event: live\ndata: "');
  });

  test('lets a viewer become someone else', async () => {
    const answer = await post('/you', { country: 'SE', plan: 'trade', fresh: 'yes' }, 'visitor=viewer');
    const cookies = String(answer.headers['set-cookie']);
    expect(cookies).toContain('country=SE');
    expect(cookies).toContain('plan=trade');
    expect(cookies).toMatch(/visitor=v-[0-9a-f]{12}/);
  });
});

test('every page forbids foreign scripts and being framed', async () => {
  expect((await get('/')).headers['content-security-policy']).toContain("script-src 'self'");
});

function get(url: string, cookie?: string) {
  return app.inject({ url, headers: cookie === undefined ? {} : { cookie } });
}

function post(url: string, fields: Readonly<Record<string, string>>, cookie = 'visitor=tester') {
  const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' };
  return app.inject({ method: 'POST', url, headers, payload: new URLSearchParams(fields).toString() });
}

test('the new checkout can be broken, and mended, by a button; the classic one goes on', async () => {
  const cookie = 'visitor=tester; basket=rustic-bunting:1';
  const press = (broken: string) =>
    app.inject({
      method: 'POST',
      url: '/fault',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: `broken=${broken}`,
    });
  answers.onePage = true;
  expect((await get('/visitors')).body).toContain('value="yes">Break the new checkout');
  expect((await press('yes')).statusCode).toBe(303);
  expect((await get('/checkout', cookie)).statusCode).toBe(500);
  answers.onePage = false;
  expect((await get('/checkout', cookie)).statusCode).toBe(200);
  answers.onePage = true;
  await press('no');
  expect((await get('/checkout', cookie)).statusCode).toBe(200);
});

test('of two versions that run side by side the newest can be broken, and only its checkout fails', async () => {
  const shared = newShared(['1', '2']);
  const [first, second] = await Promise.all(
    shared.versions.map((version) => buildApp(answeringFlags(answers), shared, version)),
  );
  const cookie = 'visitor=tester; basket=rustic-bunting:1';
  const ask = (version: FastifyInstance | undefined, url: string) => version?.inject({ url, headers: { cookie } });
  const press = (broken: string) =>
    first?.inject({
      ...{ method: 'POST', url: '/versions', payload: `version=2&broken=${broken}` },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  expect((await ask(second, '/'))?.body).toContain('This is version 2 of the shop.');
  expect((await ask(first, '/visitors'))?.body).toContain('Break version 2</button>');
  expect((await ask(app, '/visitors'))?.body).not.toContain('Break version');
  await press('yes');
  const statuses = async () => [
    (await ask(first, '/checkout'))?.statusCode,
    (await ask(second, '/checkout'))?.statusCode,
    (await ask(second, '/basket'))?.statusCode,
    (await ask(second, '/healthz'))?.statusCode,
  ];
  expect(await statuses()).toEqual([200, 500, 200, 200]);
  expect((await ask(first, '/visitors'))?.body).toContain('Mend version 2</button>');
  await press('no');
  expect(await statuses()).toEqual([200, 200, 200, 200]);
  await Promise.all([first?.close(), second?.close()]);
});
