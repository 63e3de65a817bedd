import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { newFolder } from '../testing/start-app.ts';
import { Journal } from './journal.ts';
import { readLines, toLine } from './lines.ts';

const { log } = Fastify();

/** What a process that ended without a word has left: nothing is closed. */
const reopen = (folder: string) => Journal.open(folder, log);

test('what is kept is there again after the process, until it is forgotten', async () => {
  const folder = join(newFolder(), 'journal');
  const journal = await reopen(folder);
  const kept = [
    journal.keep('kill', '1', { flag: 'a' }),
    journal.keep('kill', '2', 'b'),
    journal.keep('signal', '1', 3),
  ];
  expect(await Promise.all(kept)).toEqual([true, true, true]);
  expect(journal.counts()).toEqual(
    new Map([
      ['kill', 2],
      ['signal', 1],
    ]),
  );
  const again = await reopen(folder);
  expect(again.entries('kill')).toMatchObject([
    { id: '1', document: { flag: 'a' } },
    { id: '2', document: 'b' },
  ]);
  again.forget('kill', '1');
  again.forget('kill', 'unknown');
  again.forget('signal', '1');
  again.forget('kill', '2');
  await again.close();
  expect(readdirSync(folder)).toEqual([]);
});

test('what comes while a file is written goes together into the next', async () => {
  const folder = newFolder();
  const journal = await reopen(folder);
  const ids = Array.from({ length: 500 }, (_, at) => String(at));
  expect(new Set(await Promise.all(ids.map((id) => journal.keep('signal', id, { id }))))).toEqual(new Set([true]));
  expect(readdirSync(folder).length).toBeLessThan(5);
  expect((await reopen(folder)).entries('signal').map(({ id }) => id)).toEqual(ids);
});

test('what is forgotten while it is written, or kept anew, does not come again', async () => {
  const folder = newFolder();
  const journal = await reopen(folder);
  const keeping = journal.keep('kill', '1', 'first');
  journal.forget('kill', '1');
  expect(await keeping).toBe(true);
  await Promise.all([journal.keep('kill', '2', 'old'), journal.keep('kill', '2', 'new')]);
  await journal.close();
  expect((await reopen(folder)).entries('kill')).toMatchObject([{ id: '2', document: 'new' }]);
});

test('what is kept anew and cannot be written leaves what was kept before', async () => {
  const folder = newFolder();
  const journal = await reopen(folder);
  expect(await journal.keep('kill', '1', 'first')).toBe(true);
  const [kept] = readdirSync(folder);
  // From here on nothing can be written: where the folder was is a file.
  renameSync(folder, `${folder}-aside`);
  writeFileSync(folder, '');
  expect(await Promise.all([journal.keep('kill', '1', 'second'), journal.keep('kill', '1', 'third')])).toEqual([
    false,
    false,
  ]);
  expect([journal.has('kill', '1'), journal.entries('kill')]).toMatchObject([true, [{ document: 'first' }]]);
  rmSync(folder);
  renameSync(`${folder}-aside`, folder);
  expect(await journal.keep('kill', '1', 'fourth')).toBe(true);
  await journal.close();
  expect(readdirSync(folder)).toHaveLength(1);
  expect(readdirSync(folder)).not.toEqual([kept]);
  expect((await reopen(folder)).entries('kill')).toMatchObject([{ document: 'fourth' }]);
});

test('a line that was cut off, damaged or written by something else takes no other with it', async () => {
  const folder = newFolder();
  const [a, b, c] = ['a', 'b', 'c'].map((id) => toLine({ kind: 'kill', id, document: { id } }));
  writeFileSync(join(folder, '1.jsonl'), `${a}${b?.replace('b', 'x')}\nnonsense\n${c?.slice(0, -5)}`);
  writeFileSync(join(folder, '2.jsonl'), Buffer.from([0, 0xff, 10, 0xc3]));
  writeFileSync(join(folder, 'notes.txt'), a ?? '');
  const journal = await reopen(folder);
  expect(journal.entries('kill').map(({ id }) => id)).toEqual(['a']);
  expect(await journal.keep('kill', 'd', 1)).toBe(true);
});

test('any text that does not end as it was written yields only whole entries', () => {
  const id = fc.string();
  fc.assert(
    fc.property(fc.array(fc.record({ id, document: fc.jsonValue() }), { minLength: 1 }), fc.nat(), (made, at) => {
      const entries = made.map((entry) => ({
        kind: 'kill',
        ...entry,
        document: JSON.parse(JSON.stringify(entry.document)),
      }));
      const text = entries.map(toLine).join('');
      expect(readLines(text)).toEqual(entries);
      const cut = readLines(text.slice(0, at % text.length));
      expect(cut).toEqual(entries.slice(0, cut.length));
    }),
  );
});

test('without a disk nothing is kept, nothing throws, and it goes on once there is one', async () => {
  const parent = newFolder();
  const folder = join(parent, 'journal');
  // A file where the folder should be: it cannot be made, whoever runs the test.
  writeFileSync(folder, '');
  const journal = await reopen(folder);
  expect(journal.isWorking).toBe(false);
  expect(await journal.keep('kill', '1', 1)).toBe(false);
  expect(journal.entries('kill')).toEqual([]);
  rmSync(folder);
  expect(await journal.keep('kill', '2', 2)).toBe(true);
  expect(journal.isWorking).toBe(true);
  rmSync(folder, { recursive: true });
  mkdirSync(parent, { recursive: true });
  expect(await journal.keep('kill', '3', 3)).toBe(true);
  expect((await reopen(folder)).entries('kill')).toMatchObject([{ id: '3' }]);
});

test('one kind that fills its room keeps no other out', async () => {
  const journal = await Journal.open(newFolder(), log, 1_000);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, at) => journal.keep('signal', `${at}`, 'x'.repeat(50))),
  );
  const count = answers.filter(Boolean).length;
  expect(count).toBeGreaterThan(5);
  expect(count).toBeLessThan(20);
  expect(await journal.keep('kill', '1', 1)).toBe(true);
  journal.forget('signal', '0');
  expect(await journal.keep('signal', 'next', 1)).toBe(true);
});

test('servers that share a folder read what each other has left, and may both forget it', async () => {
  const folder = newFolder();
  const [a, b] = [await reopen(folder), await reopen(folder)];
  await Promise.all([a.keep('kill', 'a', 1), b.keep('kill', 'b', 2)]);
  const c = await reopen(folder);
  expect(
    c
      .entries('kill')
      .map(({ id }) => id)
      .sort(),
  ).toEqual(['a', 'b']);
  for (const journal of [a, b, c]) for (const id of ['a', 'b']) journal.forget('kill', id);
  await Promise.all([a.close(), b.close(), c.close()]);
  expect(readdirSync(folder)).toEqual([]);
});
