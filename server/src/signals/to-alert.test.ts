import { expect, test } from 'vitest';
import { toAlert } from './to-alert.ts';

const SOURCE = { id: 's1', key: 'pager', vendor: 'generic' } as Parameters<typeof toAlert>[0];

function linkOf(link: string): string | undefined {
  const finding = {
    fingerprint: 'f',
    status: 'firing',
    startsAtMs: 1,
    occurredAtMs: 1,
    labels: {},
    annotations: {},
    link,
  } as const;
  return toAlert(SOURCE, finding, { atMs: 2 }, 'd').link;
}

test.each(['https://example.com/a?b#c', 'http://localhost:19090/graph', 'HTTPS://EXAMPLE.com/'])(
  'the link %s is kept as it came',
  (link) => expect(linkOf(link)).toBe(link),
);

test.each([
  'javascript:alert(1)',
  ' java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'file:///etc/passwd',
  '//example.com/without-a-scheme',
  'no link at all',
  '',
])('what is no address of a page is not kept as a link: %j', (link) => expect(linkOf(link)).toBeUndefined());
