import type { Static } from '@sinclair/typebox';
import { notFound } from '../http/api-error.ts';
import { readMoment } from '../http/moment.ts';
import type { SignalSource } from '../signals/source.ts';
import type { Bindings } from './bindings.ts';
import type { SampleAlert } from './schemas.ts';

export interface SamplesDependencies {
  readonly bindings: Pick<Bindings, 'foresee'>;
  readonly sources: { get(key: string): SignalSource | undefined };
  readonly now: () => number;
}

/** Alerts that people make up, to see what bindings would make of them. */
export class BindingSamples {
  readonly #dependencies: SamplesDependencies;

  constructor(dependencies: SamplesDependencies) {
    this.#dependencies = dependencies;
  }

  /** @throws {ApiError} `not_found` when there is no such source, or it is another project's */
  test(project: string, { source: key, labels, status = 'firing', startsAt }: Static<typeof SampleAlert>) {
    const { bindings, sources, now } = this.#dependencies;
    const source = sources.get(key);
    const isOther = source?.project !== undefined && source.project !== project;
    if (source === undefined || isOther) throw notFound(`source "${key}" of signals`);
    const nowMs = now();
    const alert = {
      ...{ sourceId: source.id, source: key, vendor: source.vendor, fingerprint: 'sample', episode: 'sample' },
      startsAtMs: startsAt === undefined ? nowMs : readMoment(startsAt, 'startsAt'),
      ...{ status, occurredAtMs: nowMs, receivedAtMs: nowMs, deliveryId: 'sample', labels, annotations: {} },
    };
    const foreseen = bindings.foresee(source, alert).filter((one) => one.project === project);
    const items = foreseen.map(({ project: _, ...one }) => ({ ...one, targets: [...one.targets] }));
    return { items };
  }
}
