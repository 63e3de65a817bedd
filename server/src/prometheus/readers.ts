import { sourcesOfGates } from '../gates/check-gates.ts';
import { ENDED, PHASES, type Phase } from '../releases/phase.ts';
import { specOf } from '../releases/release.ts';
import { findReleasesIn } from '../releases/repository.ts';
import type { Spec } from '../releases/spec.ts';
import { findTemplates } from '../releases/templates/repository.ts';
import type { Definition } from '../safeguards/safeguard.ts';
import type { Querier } from '../store/tables.ts';

/** A safeguard that reads a data source. */
interface SafeguardReader {
  readonly id: string;
  /** Key. */
  readonly environment: string;
  readonly name: string;
  /** Key of the data source. */
  readonly source: string;
}

/** A release whose gates read data sources, and that has not ended. */
interface ReleaseReader {
  readonly id: string;
  readonly environment: string;
  readonly title: string;
  readonly phase: Phase;
  readonly sources: readonly string[];
}

interface TemplateReader {
  readonly key: string;
  readonly name: string;
  readonly sources: readonly string[];
}

/** What reads the data sources of a project. */
export interface Readers {
  readonly safeguards: readonly SafeguardReader[];
  readonly releases: readonly ReleaseReader[];
  readonly templates: readonly TemplateReader[];
}

/** Safeguards and releases oldest first, templates by key. */
export async function findReaders(db: Querier, projectId: string): Promise<Readers> {
  const open = PHASES.filter((phase) => !ENDED.includes(phase));
  const releases = await findReleasesIn(db, projectId, open);
  const templates = await findTemplates(db, projectId);
  return {
    safeguards: await findSafeguards(db, projectId),
    releases: releases.flatMap(({ id, environment, title, phase, spec }) => {
      const sources = sourcesOf(specOf({ spec }));
      return sources.length === 0 ? [] : [{ id, environment, title, phase: phase as Phase, sources }];
    }),
    templates: templates.flatMap(({ key, definition }) => {
      const { name, ...way } = JSON.parse(definition) as Pick<Spec, 'stages' | 'watch'> & { readonly name: string };
      const sources = sourcesOf(way);
      return sources.length === 0 ? [] : [{ key, name, sources }];
    }),
  };
}

function sourcesOf(spec: Pick<Spec, 'stages' | 'watch'>): readonly string[] {
  return [...new Set(sourcesOfGates(spec).map(({ source }) => source))];
}

async function findSafeguards(db: Querier, projectId: string): Promise<SafeguardReader[]> {
  const rows = await db
    .selectFrom('safeguards')
    .innerJoin('environments', 'environments.id', 'safeguards.environment_id')
    .select(['safeguards.id', 'environments.key as environment', 'safeguards.definition'])
    .where('environments.project_id', '=', projectId)
    .where('safeguards.definition', 'like', '%"prometheus"%')
    .orderBy('safeguards.id')
    .execute();
  return rows.flatMap(({ id, environment, definition }) => {
    const { name, metric } = JSON.parse(definition) as Definition;
    return metric.kind === 'prometheus' ? [{ id, environment, name, source: metric.source }] : [];
  });
}
