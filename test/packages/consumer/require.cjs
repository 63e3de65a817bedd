const assert = require('node:assert/strict');
const browser = require('@bunting/browser');
const webOpenfeature = require('@bunting/browser/openfeature');
const react = require('@bunting/browser/react');
const fallback = require('@bunting/browser/fallback');
const pageTesting = require('@bunting/browser/testing');
const tabs = require('@bunting/browser/tabs');
const core = require('@bunting/core');
const node = require('@bunting/node');
const context = require('@bunting/node/context');
const openfeature = require('@bunting/node/openfeature');
const testing = require('@bunting/node/testing');
const { runBrowser, runCore, runNode, runTesting } = require('./scenario.cjs');

// Also those that are not used below.
for (const entry of process.env.ENTRIES.split(' ')) require(entry);

async function run() {
  // However it is loaded, a process has one SDK: one connection, one set of counters.
  assert.equal((await import('@bunting/node')).connect, node.connect);
  runCore({ core });
  runBrowser({ browser, react, openfeature: webOpenfeature, tabs, fallback, testing: pageTesting });
  await runTesting({ testing });
  await runNode({ node, context, openfeature });
  console.log(`required on ${process.version}`);
}

void run();
