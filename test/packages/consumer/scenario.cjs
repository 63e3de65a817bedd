// What a user's program does with our packages, in plain JavaScript: it is given the modules, as they were loaded.
const assert = require('node:assert/strict');
const { OpenFeature } = require('@openfeature/server-sdk');
const { createElement } = require('react');
const { renderToString } = require('react-dom/server');

const { BUNTING_URL, BUNTING_SDK_KEY, BUNTING_ADMIN_KEY, FLAG } = process.env;

/** The whole life of a client: connected to a real server, told of a change, closed. */
exports.runNode = async ({ node, context, openfeature }) => {
  const flags = node.connect({ url: BUNTING_URL, sdkKey: BUNTING_SDK_KEY, app: 'consumer' });
  const { state, error } = await flags.ready();
  assert.equal(state, 'live', error?.message);
  assert.equal(flags.isEnabled(FLAG), false);

  const changed = new Promise((resolve) => flags.on('change', resolve, { key: FLAG }));
  // An open client keeps no process alive.
  const alive = setInterval(() => {}, 1_000);
  await turnOn();
  await changed;
  clearInterval(alive);
  assert.equal(flags.isEnabled(FLAG), true);
  const details = flags.getBooleanDetails(FLAG, false, { targetingKey: 'a' });
  assert.deepEqual([details.variant, details.reason, details.state], ['on', 'STATIC', 'live']);

  const inContext = context.flagsInContext(flags);
  assert.equal(
    context.runWithContext({ targetingKey: 'a' }, () => inContext.isEnabled(FLAG)),
    true,
  );

  await OpenFeature.setProviderAndWait(new openfeature.BuntingProvider(flags));
  assert.equal(await OpenFeature.getClient().getBooleanValue(FLAG, false, { targetingKey: 'a' }), true);
  await OpenFeature.close();
  await flags.close();
};

exports.runTesting = async ({ testing }) => {
  const seen = [];
  await testing.forEachCombination({ 'new-checkout': [true, false] }, (flags) => {
    seen.push(flags.isEnabled('new-checkout'));
    flags.expectExposed('new-checkout');
  });
  assert.deepEqual(seen, [true, false]);
};

/** Rendering a page on a server: values come from a bootstrap. */
exports.runBrowser = ({ browser, react, openfeature, tabs, fallback, testing }) => {
  const value = { value: true, variant: 'on', reason: 'STATIC' };
  const revision = { incarnation: 'a', number: 1, hash: '' };
  const bootstrap = { revision, values: { 'new-checkout': value }, timeMs: Date.now() };
  const logger = {};
  const flags = browser.connect({ url: BUNTING_URL, clientKey: 'bnt_cli_1', bootstrap, cache: false, logger });
  assert.equal(flags.isEnabled('new-checkout'), true);
  const Page = () => (react.useFlag('new-checkout', false) ? 'new' : 'old');
  assert.equal(renderToString(createElement(react.FlagsProvider, { flags }, createElement(Page))), 'new');
  flags.close();
  const tested = testing.createTestFlags({ 'new-checkout': false });
  assert.equal(renderToString(createElement(react.FlagsProvider, { flags: tested }, createElement(Page))), 'old');
  tested.expectExposed('new-checkout', false);
  assert.equal(typeof openfeature.BuntingWebProvider, 'function');
  assert.equal(typeof tabs.shareTabs(fallback.fallBack()), 'function');
};

exports.runCore = ({ core }) => {
  const ruleset = core.compile({ revision: { incarnation: 'local', number: 1, hash: '' }, flags: [] });
  assert.equal(ruleset.evaluate('nothing', {}).errorCode, 'FLAG_NOT_FOUND');
};

async function turnOn() {
  const address = `${BUNTING_URL}/api/v1/projects/default/flags/${FLAG}/environments/development`;
  const headers = { authorization: `Bearer ${BUNTING_ADMIN_KEY}`, 'content-type': 'application/json' };
  const response = await fetch(address, { method: 'PATCH', headers, body: '{"enabled":true}' });
  assert.equal(response.status, 200);
}
