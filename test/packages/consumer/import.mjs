import * as browser from '@bunting/browser';
import * as fallback from '@bunting/browser/fallback';
import * as webOpenfeature from '@bunting/browser/openfeature';
import * as react from '@bunting/browser/react';
import * as tabs from '@bunting/browser/tabs';
import * as pageTesting from '@bunting/browser/testing';
import * as core from '@bunting/core';
import * as node from '@bunting/node';
import * as context from '@bunting/node/context';
import * as openfeature from '@bunting/node/openfeature';
import * as testing from '@bunting/node/testing';
import { runBrowser, runCore, runNode, runTesting } from './scenario.cjs';

// Also those that are not used below.
for (const entry of process.env.ENTRIES.split(' ')) await import(entry);
runCore({ core });
runBrowser({ browser, react, openfeature: webOpenfeature, tabs, fallback, testing: pageTesting });
await runTesting({ testing });
await runNode({ node, context, openfeature });
console.log(`imported on ${process.version}`);
