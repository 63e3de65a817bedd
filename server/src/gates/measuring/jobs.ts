import { type ChildProcess, execFile } from 'node:child_process';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import type { AddressPolicy } from '../../egress/address-policy.ts';
import { requireProject } from '../../environments/service.ts';
import { compileValidator } from '../../http/validate.ts';
import type { Database } from '../../store/tables.ts';
import type { Vault } from '../../vault/vault.ts';
import { attempt } from '../../webhooks/attempt.ts';
import { findWebhook } from '../../webhooks/repository.ts';
import { secretsOf } from '../../webhooks/secrets.ts';
import { toWebhook } from '../../webhooks/webhook.ts';
import type { GateOf } from '../gate.ts';
import type { JobReport } from '../kinds/job.ts';
import type { Measurement, Span } from '../measurement.ts';
import { type Look, toData, toNothing } from './look.ts';

export interface JobsDependencies {
  readonly database: Database;
  readonly vault: Vault;
  readonly policy: AddressPolicy;
  /** The folder of the commands that may be run; undefined: none may. */
  readonly commandsDir: string | undefined;
}

type Run<K extends GateOf<'job'>['run']['kind']> = Extract<GateOf<'job'>['run'], { kind: K }>;

const DEFAULT_TIMEOUT_SECONDS = 600;
const MAX_SAID = 500;
const COMMAND_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

const answers = compileValidator<{ state: JobReport['state']; message?: string }>(
  Type.Object({
    state: Type.Union((['running', 'succeeded', 'failed'] as const).map((state) => Type.Literal(state))),
    message: Type.Optional(Type.String()),
  }),
);

/** Runs what people want to have run before a stage ends, and says how it stands. */
export class Jobs {
  readonly #dependencies: JobsDependencies;
  /** Commands of this process, by key; a report: it has ended, and nobody has heard of it yet. */
  readonly #commands = new Map<string, ChildProcess | JobReport>();

  constructor(dependencies: JobsDependencies) {
    this.#dependencies = dependencies;
  }

  /** Begins it, or asks how it stands: whoever does the job tells looks of the same key apart from new ones. */
  async look(gate: GateOf<'job'>, look: Look, span: Span, signal: AbortSignal): Promise<Measurement> {
    const { run } = gate;
    return run.kind === 'webhook' ? this.#post(run, gate, look, span, signal) : this.#command(run, gate, look, span);
  }

  /** Why a command can not be run here; undefined: it can, if it is there. */
  explainCommand(command: string): string | undefined {
    if (this.#dependencies.commandsDir === undefined) {
      return 'this server runs no commands; set BUNTING_GATE_COMMANDS to their folder';
    }
    return COMMAND_NAME.test(command) ? undefined : 'it must be the name of a program in BUNTING_GATE_COMMANDS';
  }

  /** What still runs is ended: whoever takes the release over runs it again. */
  close(): void {
    for (const command of this.#commands.values()) if ('kill' in command) command.kill();
    this.#commands.clear();
  }

  async #post(
    { webhook: id }: Run<'webhook'>,
    { name }: GateOf<'job'>,
    { subject, key }: Look,
    span: Span,
    signal: AbortSignal,
  ): Promise<Measurement> {
    const { database, vault, policy } = this.#dependencies;
    const row = await findWebhook(database, (await requireProject(database, subject.project)).id, id);
    if (row === undefined) return toNothing(span, 'error', `The project has no webhook ${id} any more.`);
    const { url, format } = toWebhook(row, vault);
    if (format !== 'standard') return toNothing(span, 'error', `Webhook "${row.name}" must be of format standard.`);
    const { releaseId: release, project, environment, attempt: number, stage, flags, traffic, migration } = subject;
    const body = JSON.stringify({
      ...{ type: 'gate.job', key, release, project, environment, attempt: number, stage, gate: name },
      ...{ flags, traffic, migration },
    });
    const letter = { url, id: key, body, secrets: secretsOf(vault, row, span.toMs) };
    const { delivered, status, error, answer } = await attempt(policy, letter, signal);
    if (!delivered) return toNothing(span, 'error', `Webhook "${row.name}" ${error ?? `answered ${status}`}.`);
    return toData(span, readReport(status, answer ?? ''));
  }

  #command(
    { command }: Run<'command'>,
    { name, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS }: GateOf<'job'>,
    { subject, key }: Look,
    span: Span,
  ): Measurement {
    const { commandsDir } = this.#dependencies;
    const why = this.explainCommand(command);
    if (commandsDir === undefined || why !== undefined) {
      return toNothing(span, 'error', `${command} cannot be run: ${why}.`);
    }
    const known = this.#commands.get(key);
    if (known === undefined) {
      this.#start(join(commandsDir, command), key, timeoutSeconds, { ...environmentOf(subject), BUNTING_GATE: name });
    } else if (!('kill' in known)) {
      this.#commands.delete(key);
      return toData(span, known);
    }
    return toData(span, { state: 'running', says: '' } satisfies JobReport);
  }

  /** Without a shell and without arguments: what it is about stands in its environment, which is not this server's. */
  #start(path: string, key: string, timeoutSeconds: number, environment: Readonly<Record<string, string>>): void {
    const { PATH = '', HOME = '' } = process.env;
    const env = { PATH, HOME, ...environment, BUNTING_KEY: key };
    const options = { env, timeout: timeoutSeconds * 1_000, maxBuffer: 16 * 1024 * 1024 };
    const child = execFile(path, [], options, (error, stdout, stderr) => {
      if (this.#commands.get(key) !== child) return;
      const output = `${stdout}${stderr}`.trim().slice(-MAX_SAID);
      const why =
        error === null ? '' : error.killed ? `It took longer than ${timeoutSeconds} s. ` : `${endOf(error.code)} `;
      this.#commands.set(key, { state: error === null ? 'succeeded' : 'failed', says: `${why}${output}`.trim() });
    });
    this.#commands.set(key, child);
  }
}

/** Of an answer of 2xx. Without a state in it 202 means that it is under way. */
function readReport(status: number | null, text: string): JobReport {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    answer = undefined;
  }
  if (answers.is(answer)) return { state: answer.state, says: (answer.message ?? '').slice(0, MAX_SAID) };
  return { state: status === 202 ? 'running' : 'succeeded', says: '' };
}

function endOf(code: unknown): string {
  return code === 'ENOENT' ? 'There is no such program.' : `It ended with ${String(code ?? 'an error')}.`;
}

function environmentOf({ releaseId, project, environment, attempt: number, stage, traffic }: Look['subject']) {
  return {
    ...{ BUNTING_RELEASE: releaseId, BUNTING_PROJECT: project, BUNTING_ENVIRONMENT: environment },
    ...{ BUNTING_ATTEMPT: String(number), BUNTING_STAGE: String(stage) },
    ...(traffic === undefined ? {} : { BUNTING_CANDIDATE: traffic.candidate, BUNTING_BASELINE: traffic.baseline }),
  };
}
