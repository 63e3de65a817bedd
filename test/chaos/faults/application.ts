import { join } from 'node:path';
import { nowMs } from '../../processes/clock.ts';
import type { CollectedGauge } from '../../processes/gauge.ts';
import { Remote } from '../../processes/remote.ts';
import type { ApplicationCalls, ApplicationPlan, ApplicationState, Report } from './application-main.ts';
import type { Ledger } from './ledger.ts';

export interface ApplicationOptions extends ApplicationPlan {
  readonly preloads: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** An application in a process of its own, that may be killed and started again on the same disk. */
export class Application {
  readonly plan: ApplicationPlan;
  readonly #options: ApplicationOptions;
  readonly #ledger: Ledger;
  #remote: Remote<ApplicationCalls> | undefined;
  /** Whether it can be asked. */
  #isRunning = false;
  #pausedUntilMs = 0;

  private constructor(options: ApplicationOptions, ledger: Ledger) {
    const { preloads, env, ...plan } = options;
    this.plan = plan;
    this.#options = options;
    this.#ledger = ledger;
  }

  static async start(options: ApplicationOptions, ledger: Ledger): Promise<Application> {
    const application = new Application(options, ledger);
    const states = await application.restart();
    if (states.some((state) => state !== 'live')) throw new Error(`${options.name} began ${states}`);
    return application;
  }

  get name(): string {
    return this.plan.name;
  }

  /** @returns the states that its instances began in */
  async restart(): Promise<string[]> {
    const { preloads, env } = this.#options;
    const remote = new Remote<ApplicationCalls>(join(import.meta.dirname, 'application-main.ts'), { preloads, env });
    this.#remote = remote;
    this.#ledger.expectAlive(this.name, remote.ended, () => this.#remote !== remote);
    const states = await remote.call('start', this.plan);
    if (states.includes('default')) this.#ledger.blame(`${this.name}: began with nothing, though it had a disk`);
    this.#isRunning = true;
    return states;
  }

  /** SIGKILL. What it saw until then is told first. */
  async kill(): Promise<void> {
    await this.report();
    const remote = this.#remote;
    this.#remote = undefined;
    this.#isRunning = false;
    remote?.signal('SIGKILL');
    await remote?.ended;
  }

  stand(): void {
    this.#isRunning = false;
    this.#remote?.signal('SIGSTOP');
  }

  goOn(): void {
    this.#remote?.signal('SIGCONT');
    this.#isRunning = true;
    this.#pausedUntilMs = nowMs();
  }

  /** Takes down what it has seen since the last time, if it can be asked. */
  async report(): Promise<void> {
    if (!this.#isRunning) return;
    const report = await this.#remote?.call('report');
    if (report !== undefined) this.#ledger.note(this.name, withoutPause(report, this.#pausedUntilMs));
  }

  async states(): Promise<ApplicationState[]> {
    return (await this.#remote?.call('states')) ?? [];
  }

  async gauge(): Promise<CollectedGauge | undefined> {
    return this.#remote?.call('gauge');
  }

  /** Closes the SDKs, then ends the process. */
  async stop(): Promise<void> {
    const remote = this.#remote;
    this.#remote = undefined;
    this.#isRunning = false;
    remote?.signal('SIGCONT');
    await remote?.call('close').catch(() => {});
    await remote?.stop();
  }
}

/** One that stood still was slow for that reason. */
function withoutPause(report: Report, pausedUntilMs: number): Report {
  return { ...report, slow: report.slow.filter(({ atMs, tookMs }) => atMs - tookMs > pausedUntilMs) };
}
