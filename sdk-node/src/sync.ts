import {
  type ChangesMessage,
  type ClientMessage,
  type CompiledRuleset,
  type HeartbeatMessage,
  type HelloMessage,
  type Kill,
  type KillMessage,
  outranks,
  PROTOCOL_VERSION,
  type RulesetOptions,
  type ServerMessage,
  type SnapshotMessage,
  type UnknownMessage,
} from '@bunting/core';
import type { Advance } from './advance.ts';
import { Connection, type ConnectionOwner, type Heard } from './connection/connection.ts';
import type { Timing } from './connection/timing.ts';
import type { Listeners } from './events.ts';
import { Exposures } from './exposures.ts';
import { describeProblem, type FlagsError, type FlagsErrorCode } from './flags-error.ts';
import { Freshness } from './freshness.ts';
import { log } from './logger.ts';
import { MetricEvents } from './metric-events.ts';
import type { Settings } from './options.ts';
import { PathRecorder } from './paths/path-recorder.ts';
import { Samples } from './samples/samples.ts';
import { type Found, LocalSources } from './start/local-sources.ts';
import { succeed } from './start/succeed.ts';
import { Succession } from './succession.ts';
import { HEARTBEAT_EVERY_MS, type TransportName } from './transports/transport.ts';
import { Validator } from './validator.ts';
import { SDK } from './version.ts';

const TELEMETRY_EVERY_MS = 10_000;

/** What does not change is kept anew so often, so that it does not look much older than it is. */
const KEEP_EVERY_MS = 10 * 60_000;

/** Broken flags that a receipt or an error names, at most. */
const MAX_BROKEN_NAMED = 20;

type Advanced = Extract<Advance, { readonly ok: true }>;

/** Keeps the ruleset in memory equal to the server's, and the server informed about what runs here. */
export class Sync implements ConnectionOwner {
  /** Read by every evaluation; replaced only here. */
  ruleset: CompiledRuleset | undefined;
  /** Where the ruleset is from; `live` from the first time on that the server confirmed it. */
  source: 'default' | 'bootstrapped' | 'cached' | 'live' = 'default';
  /** The latest problem; of interest until the source is `live`. */
  problem: FlagsError | undefined;
  readonly exposures = new Exposures();
  readonly events: MetricEvents;
  readonly paths: PathRecorder;
  readonly freshness: Freshness;
  readonly samples: Samples;
  readonly #settings: Settings;
  readonly #listeners: Listeners;
  readonly #connection: Connection | undefined;
  readonly #succession = new Succession();
  readonly #validator = new Validator((ruleset) => this.#sendReceipt(ruleset));
  readonly #local: LocalSources;
  #keptAtMs = 0;
  #telemetryTimer: NodeJS.Timeout | undefined;
  /** False from the hello until the answer to it is in effect: heartbeats confirm nothing then. */
  #isSynced = false;
  /** As this connection's server said last. */
  #taken: readonly string[] = [];
  #heartbeatSentAtMs = Number.NEGATIVE_INFINITY;
  /** What to add to this machine's clock to get the origin's, give or take a message's time on the way. */
  #clockOffsetMs = 0;
  readonly #clock = () => Date.now() + this.#clockOffsetMs;
  readonly #rulesetOptions: RulesetOptions;
  /** The latest kill of each flag that this connection brought before there was a ruleset. */
  readonly #earlyKills = new Map<string, Kill>();
  /** Problems said since the last success: each is said once. */
  readonly #said = new Set<FlagsErrorCode>();
  #brokenSaid = '';

  constructor(settings: Settings, listeners: Listeners, timing: Timing) {
    this.#settings = settings;
    this.events = new MetricEvents(settings.logger);
    this.paths = new PathRecorder({
      isTaken: () => this.takes('measurements'),
      send: (message) => this.#connection?.send(message) ?? false,
      originTimeMs: this.#clock,
    });
    this.#listeners = listeners;
    this.freshness = new Freshness(settings.staleAfterMs, {
      stale: () => this.#tellStale(),
      fresh: () => this.#tellReady(),
    });
    const { target, transports, pollIntervalMs, deploy, privateAttributes } = settings;
    const ambient = deploy && { deploy };
    this.#rulesetOptions = { clock: this.#clock, contactAge: this.freshness.contactAgeMs, ambient };
    this.samples = new Samples({ privateAttributes, ambient, nowMs: this.#clock });
    this.#local = new LocalSources(settings);
    if (target !== undefined) {
      this.#connection = new Connection({ url: target.url, transports, pollIntervalMs }, this, timing);
    }
  }

  /** The transport that is open; undefined while none is. */
  get transport(): TransportName | undefined {
    return this.#connection?.transport;
  }

  /**
   * Answers come from the best source at hand when it returns. Problems with the options are said a moment later, so that
   * listeners can be there.
   */
  start(): void {
    const { problems, logger } = this.#settings;
    this.#local.find((found) => this.#recall(found));
    if (this.#connection === undefined) {
      const detail = problems.join('; ');
      this.problem = describeProblem('options_invalid', detail);
      queueMicrotask(() => this.report('options_invalid', detail));
      return;
    }
    for (const problem of problems) log(logger, 'warn', `connect(): ${problem}`);
    this.#connection.start();
    this.#telemetryTimer = setInterval(() => this.#sendTelemetry(), TELEMETRY_EVERY_MS);
    this.#telemetryTimer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#telemetryTimer);
    this.#validator.stop();
    this.freshness.stop();
    this.#sendTelemetry();
    this.samples.pause();
    this.paths.close();
    await Promise.all([this.#connection?.stop(), this.#local.close()]);
  }

  greeting(askSnapshot: boolean): HelloMessage {
    this.#isSynced = false;
    this.#taken = [];
    this.samples.pause();
    this.#succession.restart();
    this.#earlyKills.clear();
    const { target, instance, deploy } = this.#settings;
    return {
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      key: target?.sdkKey ?? '',
      sdk: SDK,
      instance,
      deploy,
      // Whether a bootstrap is what its revision says, nobody knows: differences to it might mean anything.
      have: askSnapshot || this.source === 'bootstrapped' ? null : (this.ruleset?.revision ?? null),
      accept: ['gzip'],
    };
  }

  receive(message: ServerMessage | UnknownMessage): Heard {
    try {
      switch (message.type) {
        case 'snapshot':
          return this.#apply({ ...message, kills: [...message.kills, ...this.#earlyKills.values()] });
        case 'changes':
        case 'kill':
          return this.#apply(message);
        case 'heartbeat':
          this.#answer(message);
          return { type: 'heard' };
        case 'welcome':
          this.#taken = message.takes;
          return { type: 'heard' };
        case 'settings':
          this.samples.allow(message);
          return { type: 'heard' };
        default:
          // `values` are for pages; `unknown` is what only later versions understand.
          return { type: 'heard' };
      }
    } catch (cause) {
      return { type: 'unusable', detail: `a ${message.type} that could not be applied: ${cause}` };
    }
  }

  /** Whether the server takes messages of a type that not every server does. */
  takes(type: ClientMessage['type']): boolean {
    return this.#taken.includes(type);
  }

  report(code: FlagsErrorCode, detail: string): void {
    const error = describeProblem(code, detail);
    if (code !== 'flags_broken') this.problem = error;
    if (this.#said.has(code)) return;
    this.#said.add(code);
    log(this.#settings.logger, error.fatal ? 'error' : 'warn', error.message);
    this.#listeners.emit('error', error);
  }

  #apply(message: SnapshotMessage | ChangesMessage | KillMessage): Heard {
    const before = this.ruleset;
    const advanced = this.#succession.take(before, message, this.#rulesetOptions, performance.now());
    if (!advanced.ok) return { type: 'unusable', detail: advanced.detail };
    const { ruleset } = advanced;
    this.ruleset = ruleset;
    if (ruleset === undefined) {
      if (message.type === 'kill') this.#rememberKill(message);
      return { type: 'heard' };
    }
    if (message.type !== 'changes') this.#acknowledgeKills(message, before?.kills ?? [], ruleset.kills);
    if (message.type !== 'kill') this.#confirmSynced(message);
    this.#keep();
    this.#tellChange(before, advanced);
    if (message.type === 'kill') return { type: 'heard' };
    this.#validator.run(ruleset);
    return { type: 'synced' };
  }

  #tellChange(before: CompiledRuleset | undefined, { ruleset, keys }: Advanced): void {
    if (before === undefined || ruleset === undefined) return;
    const { revision, committedAtMs } = ruleset;
    if (keys.length === 0 && revision.number === before.revision.number) return;
    this.#listeners.emit('change', { revision, keys, committedAtMs });
  }

  /** There is nothing to kill yet: the first snapshot will be taken together with it. */
  #rememberKill({ flag, epoch, engaged }: KillMessage): void {
    const kill = { flag, epoch, engaged };
    if (outranks(kill, this.#earlyKills.get(flag))) this.#earlyKills.set(flag, kill);
  }

  /**
   * Says which kills are in effect: after a kill message that of its flag, also when it is known already, as the server
   * may be another one; after a snapshot those that are new here.
   */
  #acknowledgeKills(message: SnapshotMessage | KillMessage, before: readonly Kill[], now: readonly Kill[]): void {
    const known = new Map(before.map((kill) => [kill.flag, kill]));
    for (const kill of now) {
      const isNews = message.type === 'kill' ? kill.flag === message.flag : outranks(kill, known.get(kill.flag));
      if (isNews) this.#connection?.send({ type: 'kill-receipt', ...kill });
    }
  }

  /** The ruleset in memory is the server's newest. */
  #confirmSynced(message: SnapshotMessage | ChangesMessage): void {
    if (!this.#isSynced && this.#said.size > 0) {
      log(this.#settings.logger, 'info', `connected by ${this.transport}; flags are live again`);
    }
    this.#isSynced = true;
    this.#said.clear();
    this.#setClock(message.timeMs);
    const { dataAgeMs = 0, vouchAgeMs = 0 } = message;
    this.#confirmFresh(Math.max(0, dataAgeMs), vouchAgeMs);
  }

  /** Nothing that a server which lags behind says confirms what is in memory. */
  #confirmFresh(originAgeMs: number, vouchAgeMs: number): void {
    if (this.#succession.isAhead) return;
    this.source = 'live';
    this.freshness.confirm(originAgeMs, vouchAgeMs);
  }

  #answer({ timeMs, dataAgeMs = 0, vouchAgeMs = 0 }: HeartbeatMessage): void {
    if (timeMs !== undefined) this.#setClock(timeMs);
    if (this.#isSynced) this.#confirm(Math.max(0, dataAgeMs), vouchAgeMs);
    const nowMs = performance.now();
    if (nowMs - this.#heartbeatSentAtMs < HEARTBEAT_EVERY_MS) return;
    this.#heartbeatSentAtMs = nowMs;
    const { ageMs } = this.freshness;
    this.#connection?.send({ type: 'heartbeat', dataAgeMs: ageMs === undefined ? undefined : Math.round(ageMs) });
  }

  #confirm(originAgeMs: number, vouchAgeMs: number): void {
    const before = this.ruleset;
    const back = before && this.#succession.confirm(before, originAgeMs, this.#rulesetOptions, performance.now());
    if (back?.ok) {
      this.ruleset = back.ruleset;
      this.#tellChange(before, back);
      if (back.ruleset !== undefined) this.#validator.run(back.ruleset);
    }
    this.#confirmFresh(originAgeMs, vouchAgeMs);
    if (back?.ok || performance.now() - this.#keptAtMs > KEEP_EVERY_MS) this.#keep();
  }

  /** Answers by it until the server has a word, if it is the newest so far. */
  #recall({ source, snapshot, ageMs, originTimeMs }: Found): void {
    if (this.source === 'live') return;
    if (originTimeMs !== undefined) this.#setClock(originTimeMs);
    const before = this.ruleset;
    const advanced = succeed(before, snapshot, this.#rulesetOptions);
    if (!advanced.ok || advanced.ruleset === undefined) return;
    this.ruleset = advanced.ruleset;
    if (advanced.ruleset.revision === snapshot.revision) {
      this.source = source;
      this.freshness.recall(ageMs);
    }
    this.#tellChange(before, advanced);
  }

  /**
   * Keeps what is in memory for the next start, unless nobody vouches for it. Only at a word of the server: a process that
   * is cut off must not replace what another one has kept since.
   */
  #keep(): void {
    const { ruleset, source } = this;
    if (ruleset === undefined || source === 'bootstrapped') return;
    this.#keptAtMs = performance.now();
    this.#local.keep(() => {
      const { revision, committedAtMs, kills } = ruleset;
      const items = [...ruleset.items()];
      return {
        snapshot: { type: 'snapshot', revision, committedAtMs, timeMs: this.#clock(), kills, items },
        dataAgeMs: this.freshness.ageMs ?? 0,
        keptAtMs: Date.now(),
      };
    });
  }

  #setClock(originTimeMs: number): void {
    this.#clockOffsetMs = originTimeMs - Date.now();
  }

  #sendReceipt(ruleset: CompiledRuleset): void {
    const { broken, revision } = ruleset;
    const keys = broken.slice(0, MAX_BROKEN_NAMED);
    const text = keys.join(', ') + (broken.length > keys.length ? ` and ${broken.length - keys.length} more` : '');
    if (text !== '' && text !== this.#brokenSaid) this.report('flags_broken', text);
    this.#brokenSaid = text;
    this.#connection?.send({ type: 'receipt', revision, broken: { count: broken.length, keys } });
  }

  #sendTelemetry(): void {
    if (this.ruleset !== undefined) this.exposures.collect(this.ruleset);
    for (const exposures of this.exposures.drain()) {
      if (!this.#connection?.send({ type: 'telemetry', exposures })) this.exposures.restore(exposures);
    }
    const events = this.events.drain();
    if (events.length > 0 && !this.#connection?.send({ type: 'telemetry', exposures: [], events })) {
      this.events.restore(events);
    }
    this.samples.flush((message) => this.#connection?.send(message) === true);
  }

  #tellReady(): void {
    const revision = this.ruleset?.revision;
    if (revision !== undefined) this.#listeners.emit('ready', { revision });
  }

  #tellStale(): void {
    const dataAgeMs = this.freshness.ageMs ?? 0;
    const seconds = Math.round(dataAgeMs / 1000);
    log(this.#settings.logger, 'warn', `flags are stale: the server last confirmed them ${seconds} s ago`);
    this.#listeners.emit('stale', { dataAgeMs });
  }
}
