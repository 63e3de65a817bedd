import { t } from '@lingui/core/macro';
import type { Project } from '../../api/types.ts';
import { Panel } from '../../ui/panel.tsx';
import { ProofRow } from './proof-row.tsx';

/** Whether pages must prove whom they ask for: by environment. */
export function ProofPanel({ project }: { project: Project }) {
  return (
    <Panel
      title={t`Proof of contexts`}
      note={t`A page says by itself who its visitor is. With a proof, only what your servers have signed is believed.`}
    >
      <ul aria-label={t`Proof by environment`}>
        {project.environments.map((environment) => (
          <ProofRow key={environment.key} project={project.key} environment={environment} />
        ))}
      </ul>
    </Panel>
  );
}
