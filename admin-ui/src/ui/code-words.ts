import { i18n, type MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

/** Types, kinds and states that badges show, as the API calls them: in English the code is the word. */
const words: Readonly<Record<string, MessageDescriptor>> = {
  // Types and kinds of flags.
  boolean: msg`boolean`,
  string: msg`string`,
  number: msg`number`,
  object: msg`object`,
  release: msg`release`,
  experiment: msg`experiment`,
  operational: msg`operational`,
  permission: msg`permission`,
  migration: msg`migration`,
  // Kinds of SDK keys, and of what uses a segment.
  server: msg`server`,
  client: msg`client`,
  relay: msg`relay`,
  flag: msg`flag`,
  segment: msg`segment`,
  // States of people, schedules, deliveries, signals and alerts.
  active: msg`active`,
  invited: msg`invited`,
  disabled: msg`disabled`,
  scheduled: msg`scheduled`,
  paused: msg`paused`,
  done: msg`done`,
  failed: msg`failed`,
  cancelled: msg`cancelled`,
  pending: msg`pending`,
  delivered: msg`delivered`,
  matched: msg`matched`,
  unmatched: msg`unmatched`,
  malformed: msg`malformed`,
  firing: msg`firing`,
  resolved: msg`resolved`,
  // Places on a way.
  now: msg`now`,
  ahead: msg`ahead`,
  // What acts by itself, and what happens then.
  notify: msg`notify`,
  pause: msg`pause`,
  abort: msg`abort`,
  rollback: msg`rollback`,
  kill: msg`kill`,
  hold: msg`hold`,
  safeguard: msg`safeguard`,
  binding: msg`binding`,
  signal: msg`signal`,
  // Lists of a segment's keys.
  included: msg`included`,
  excluded: msg`excluded`,
  // Formats of webhooks.
  standard: msg`standard`,
  email: msg`email`,
  // How grave a finding is.
  error: msg`error`,
  warning: msg`warning`,
};

/** A code of the API in the language of the page; one that is not known here, such as a newer server's, as it is. */
export function wordOf(code: string): string {
  const known = words[code];
  return known === undefined ? code : i18n._(known);
}
