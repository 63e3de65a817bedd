import type { GateOf } from '../gate.ts';
import type { GateKind } from './gate-kind.ts';

/** How a job stands, and what it says about it. */
export type JobReport = { readonly state: 'running' | 'succeeded' | 'failed'; readonly says: string };

type Memory = { readonly startedMs: number; readonly ms: number; readonly report: JobReport };

const DEFAULT_TIMEOUT_SECONDS = 600;

export const job: GateKind<GateOf<'job'>, JobReport, Memory | null> = {
  begin: () => null,
  take({ timeoutSeconds = DEFAULT_TIMEOUT_SECONDS }, memory, report, { fromMs, toMs }) {
    if (memory !== null && memory.report.state !== 'running') return memory;
    const startedMs = memory?.startedMs ?? fromMs;
    const ms = toMs - startedMs;
    const isLate = report.state === 'running' && ms > timeoutSeconds * 1000;
    const late = { state: 'failed', says: `It has not ended within ${timeoutSeconds} s.` } as const;
    return { startedMs, ms, report: isLate ? late : report };
  },
  miss: (_, memory) => memory,
  find(_, memory) {
    if (memory === null) return { verdict: 'running', reason: 'It has not begun.' };
    const { report, ms } = memory;
    const seconds = `${Math.round(ms / 1000)} s`;
    const says = report.says === '' ? '' : ` ${report.says}`;
    if (report.state === 'running') return { verdict: 'running', reason: `It runs for ${seconds}.${says}` };
    if (report.state === 'failed') return { verdict: 'failed', reason: `The job failed after ${seconds}.${says}` };
    return { verdict: 'successful', reason: `The job succeeded after ${seconds}.${says}` };
  },
  isDone: (memory) => memory !== null && memory.report.state !== 'running',
};
