import {
  applyChanges,
  applySnapshot,
  type ChangesMessage,
  type CompiledRuleset,
  decodeServerMessage,
  encode,
  pageOf,
} from '@bunting/core';
import { show } from '../report.ts';
import { median, round } from '../statistics.ts';
import type { Measurement } from '../subject.ts';
import { cut, keyOf, members, pageCount, pageItem, snapshotOf } from './lists.ts';

/** How many subjects are asked in turn, half of them members. */
const SUBJECTS = 10_000;

/** What a segment costs where it is evaluated. Runs in a process of its own, with `--expose-gc`. */
export function measureInProcess(quick: boolean): Measurement[] {
  const large = quick ? 100_000 : 1_000_000;
  const forms = [10_000, large].flatMap((count) => [
    { name: `${show(count)} keys in the document`, count, pages: undefined },
    { name: `${show(count)} keys in ${show(pageCount(count))} pages`, count, pages: pageCount(count) },
  ]);
  return [...forms.flatMap((form) => measureForm(form, quick)), ...measureChange(large, quick)];
}

interface Form {
  readonly name: string;
  readonly count: number;
  readonly pages: number | undefined;
}

function measureForm(form: Form, quick: boolean): Measurement[] {
  const laps = Array.from({ length: quick ? 2 : 5 }, () => measureOnce(form, quick));
  const { name } = form;
  return [
    line(`${name}: one call`, 'ns', median(laps.map(({ callNs }) => callNs))),
    line(`${name}: reading the message`, 'ms', median(laps.map(({ readMs }) => readMs))),
    line(`${name}: first call`, 'ms', median(laps.map(({ firstMs }) => firstMs))),
    line(`${name}: longest of the first 1 000 calls`, 'ms', median(laps.map(({ longestMs }) => longestMs))),
    line(`${name}: memory for each key, text included`, 'bytes', median(laps.map(({ keyBytes }) => keyBytes))),
  ];
}

/** On a ruleset that is new, and gone when this returns. */
function measureOnce({ name, count, pages }: Form, quick: boolean) {
  const contexts = asked(count);
  const emptyBytes = heap();
  const { ruleset, readMs } = receive(count, pages);
  const calls = contexts.slice(0, 1_000).map((context) => timeMs(() => ruleset.evaluate('asked', context)));
  ruleset.validate();
  if (ruleset.broken.length > 0) throw new Error(`${name}: broken ${ruleset.broken[0]}`);
  const callNs = timeCalls(ruleset, contexts, quick);
  const keyBytes = (heap() - emptyBytes) / count;
  if (ruleset.size !== 1) throw new Error('the ruleset has one flag');
  return { callNs, keyBytes, readMs, firstMs: calls[0] ?? Number.NaN, longestMs: Math.max(...calls) };
}

/** As it comes from a socket: from one new string, to which the ruleset refers. */
function receive(count: number, pages: number | undefined): { ruleset: CompiledRuleset; readMs: number } {
  const text = Buffer.from(encode(snapshotOf(members(count), pages))).toString();
  // What making the text left behind is not the reader's.
  heap();
  const started = performance.now();
  const ruleset = read(text);
  return { ruleset, readMs: performance.now() - started };
}

/** Ten keys more, of a million in pages: applying that, and the first call after it. */
function measureChange(count: number, quick: boolean): Measurement[] {
  const pages = pageCount(count);
  const lists = cut(members(count), pages);
  let ruleset = read(encode(snapshotOf(members(count), pages)));
  ruleset.validate();
  const applyMs: number[] = [];
  const bothMs: number[] = [];
  const bytes: number[] = [];
  for (let i = 0; i < (quick ? 20 : 200); i++) {
    const fresh = Array.from({ length: 10 }, (_, at) => keyOf(10_000_000 + i * 10 + at));
    const touched = new Set(fresh.map((key) => pageOf(key, pages)));
    for (const key of fresh) lists[pageOf(key, pages)]?.push(key);
    const { revision } = ruleset;
    const frame = encode({
      type: 'changes',
      from: revision.number,
      revision: { ...revision, number: revision.number + 1 },
      committedAtMs: i,
      timeMs: i,
      delete: [],
      items: [...touched].map((page) => pageItem(page, lists[page] ?? [])),
    });
    bytes.push(Buffer.byteLength(frame));
    const decoded = decodeServerMessage(frame);
    if (!decoded.ok || decoded.message.type !== 'changes') throw new Error('the frame is a changes message');
    const started = performance.now();
    const next = applyChanges(ruleset, decoded.message satisfies ChangesMessage);
    const applied = performance.now();
    const isOn = next?.evaluate('asked', { targetingKey: fresh[0] ?? '' }).value;
    const answered = performance.now();
    if (next === undefined || isOn !== true) throw new Error('the change was not applied');
    ruleset = next;
    applyMs.push(applied - started);
    bothMs.push(answered - started);
  }
  const name = `10 keys more, of ${show(count)} in pages`;
  return [
    line(`${name}: bytes of the message`, 'bytes', median(bytes)),
    line(`${name}: apply`, 'ms', median(applyMs)),
    line(`${name}: apply and first call`, 'ms', median(bothMs)),
    line(`${name}: apply and first call, the slowest`, 'ms', Math.max(...bothMs)),
  ];
}

function read(text: string): CompiledRuleset {
  const decoded = decodeServerMessage(text);
  if (!decoded.ok || decoded.message.type !== 'snapshot') throw new Error('the text is a snapshot');
  return applySnapshot(decoded.message);
}

/** Subjects from all over the list, half of them members. */
function asked(count: number): { targetingKey: string }[] {
  const stride = Math.max(1, Math.floor((2 * count) / SUBJECTS)) | 1;
  return Array.from({ length: SUBJECTS }, (_, i) => ({ targetingKey: keyOf((i * stride) % (2 * count)) }));
}

function timeCalls(ruleset: CompiledRuleset, contexts: readonly { targetingKey: string }[], quick: boolean): number {
  const laps: number[] = [];
  let trues = 0;
  let calls = 0;
  for (let lap = 0; lap <= 5; lap++) {
    const started = performance.now();
    const before = calls;
    while (performance.now() - started < (quick ? 20 : 100)) {
      for (const context of contexts) if (ruleset.evaluate('asked', context).value === true) trues++;
      calls += contexts.length;
    }
    // The first lap warms up.
    if (lap > 0) laps.push(((performance.now() - started) * 1e6) / (calls - before));
  }
  if (trues * 2 !== calls) throw new Error(`${trues} of ${calls} subjects are members, not half`);
  return median(laps);
}

function timeMs(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function heap(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  // Long texts and tables are outside of the heap.
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function line(name: string, unit: string, ours: number): Measurement {
  return { case: name, unit, better: 'lower', ours: round(ours) };
}
