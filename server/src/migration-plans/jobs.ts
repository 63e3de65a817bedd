import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { AddressPolicy } from '../egress/address-policy.ts';
import { EgressRefused, send } from '../egress/send.ts';
import { signatureHeaders } from '../egress/signature.ts';
import type { CommandStep, WebhookStep } from './definition.ts';
import type { Outcome } from './machine.ts';

/** What a tool of the user's is told about what it is to do. */
export interface Task {
  /** The same for each try until it is done: whoever has done it need not do it again. */
  readonly id: string;
  readonly project: string;
  readonly environment: string;
  readonly plan: string;
  readonly phase: string;
  readonly direction: 'up' | 'down';
}

export interface Done {
  readonly outcome: Outcome;
  readonly output: string;
}

const DEFAULT_TIMEOUT_SECONDS = 60;
/** One call; who takes longer answers 202 and is asked again. */
const CALL_TIMEOUT_MS = 30_000;
const MAX_OUTPUT_BYTES = 16_384;

/** Calls a tool. Never rejects. */
export async function callTool(
  { webhook, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS }: WebhookStep,
  task: Task,
  { policy, secret, nowMs, signal }: CallOptions,
): Promise<Done> {
  const body = JSON.stringify(task);
  try {
    const answer = await send(policy, {
      ...{ url: webhook, method: 'POST', body, signal, timeoutMs: CALL_TIMEOUT_MS, maxAnswerBytes: MAX_OUTPUT_BYTES },
      headers: {
        'content-type': 'application/json',
        ...signatureHeaders(secret === undefined ? [] : [secret], task.id, nowMs, body),
      },
    });
    const { status, body: output } = answer;
    const said = `${webhook} answered ${status}`;
    if (status === 202)
      return { outcome: { is: 'unmet', reason: `${said}: under way.`, withinSeconds: timeoutSeconds }, output };
    if (status >= 200 && status < 300) return { outcome: { is: 'done' }, output };
    const passes = status === 429 || status >= 500;
    return { outcome: { is: passes ? 'again' : 'failed', reason: `${said}: ${output.slice(0, 500)}` }, output };
  } catch (error) {
    const reason = `${webhook} was not reached: ${(error as Error).message}`;
    return { outcome: { is: error instanceof EgressRefused ? 'failed' : 'again', reason }, output: '' };
  }
}

interface CallOptions {
  readonly policy: AddressPolicy;
  readonly secret: string | undefined;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/**
 * Runs a program of the folder, without arguments and without a shell; what it is to do stands in its environment. Never
 * rejects.
 * @param folder undefined: this server runs none
 */
export function runCommand(
  { command, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS }: CommandStep,
  task: Task,
  folder: string | undefined,
  signal: AbortSignal,
): Promise<Done> {
  if (folder === undefined) {
    const reason = `This server runs no commands: set BUNTING_MIGRATION_COMMANDS to the folder that ${command} is in.`;
    return Promise.resolve({ outcome: { is: 'failed', reason }, output: '' });
  }
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    BUNTING_TASK: task.id,
    BUNTING_PROJECT: task.project,
    BUNTING_ENVIRONMENT: task.environment,
    BUNTING_PLAN: task.plan,
    BUNTING_PHASE: task.phase,
    BUNTING_DIRECTION: task.direction,
  };
  const options = { env, cwd: folder, signal, timeout: timeoutSeconds * 1_000, maxBuffer: 16 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(join(folder, command), [], options, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.slice(-MAX_OUTPUT_BYTES);
      if (error === null) return resolve({ outcome: { is: 'done' }, output });
      const { code, killed } = error;
      const why =
        code === 'ENOENT'
          ? `is not in ${folder}`
          : killed
            ? `took longer than ${timeoutSeconds} s`
            : `ended with ${code ?? error.message}`;
      resolve({ outcome: { is: 'failed', reason: `${command} ${why}. ${output.slice(-500)}`.trim() }, output });
    });
  });
}
