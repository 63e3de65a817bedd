import { type Beside, type Compare, readCompare } from './beside.ts';
import type { Choice } from './choice.ts';
import type { Complaints } from './complaints.ts';
import { isOtherThenable, measure } from './measure.ts';
import type { PathSink } from './path-window.ts';
import { readDeadline } from './race.ts';

export interface ShadowOptions<T> {
  readonly current: () => T;
  readonly candidate: () => T;
  /** Whether both results mean the same. Default: deep, strict equality. */
  readonly compare?: Compare<Awaited<T>>;
  /** For the candidate while it only runs beside. Default 1 000. */
  readonly deadlineMs?: number;
}

/** What the flag chose: `off` and `on` also as false and true. */
export type ShadowChoice = Choice<string | boolean>;

export interface ShadowClient {
  readonly sink: PathSink;
  readonly beside: Beside;
  readonly complaints: Complaints;
}

/** Returns or throws what the side that answers does. */
export function runShadow<T>(
  choice: ShadowChoice,
  options: ShadowOptions<T>,
  { sink, beside, complaints }: ShadowClient,
): T {
  const mode = modeOf(choice, complaints);
  sink.expose(mode === 'on' ? 'candidate' : 'current', choice);
  if (mode === 'on') return measure(() => options.candidate(), sink, 'candidate', choice);
  const result = measure(() => options.current(), sink, 'current', choice);
  if (mode === 'shadow') {
    beside.run<Awaited<T>>({
      choice,
      path: 'candidate',
      comparison: 'shadow',
      call: () => options.candidate() as Awaited<T> | PromiseLike<Awaited<T>>,
      deadlineMs: readDeadline(options.deadlineMs),
      answer: answerOf(result),
      compare: readCompare(options.compare),
    });
  }
  return result;
}

/** Its end; undefined where that cannot be seen. */
function answerOf<T>(result: T): Promise<Awaited<T>> | undefined {
  return isOtherThenable(result) ? undefined : (Promise.resolve(result) as Promise<Awaited<T>>);
}

function modeOf({ key, value, isServed }: ShadowChoice, complaints: Complaints): 'off' | 'shadow' | 'on' {
  if (!isServed) return 'off';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (value === 'off' || value === 'shadow' || value === 'on') return value;
  complaints.say(
    `shadow ${key}`,
    `the flag '${key}' serves '${value}' to shadow(), which knows off, shadow and on; taken for off`,
  );
  return 'off';
}
