import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { createKey } from '../../api/keys.ts';
import { useMay } from '../../api/permissions.ts';
import type { CreatedKey, Environment, Flag, Project } from '../../api/types.ts';
import { baseUrl } from '../../base.ts';
import { EnvironmentSelect } from '../../environments/environment-select.tsx';
import { connectCode, keyKindOf, type Way, ways } from '../../flags/connect-code.ts';
import type { ConnectSearch } from '../../searches.ts';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Arrival } from './arrival.tsx';
import { ShowToPages } from './show-to-pages.tsx';

const names: Record<Way, MessageDescriptor> = {
  node: msg`Node`,
  react: msg`React`,
  openfeature: msg`OpenFeature`,
  curl: msg`curl`,
};

interface CodeStepProps {
  project: Project;
  environment: Environment;
  flag: Flag;
  way: Way;
  /** The key that was made here for this way and environment. */
  created: CreatedKey | undefined;
  isUsed: boolean;
  onChange: (part: ConnectSearch) => void;
  onCreated: (key: CreatedKey) => void;
}

/** The code to copy, with the server's address and a new key in it, and whether it was run. */
export function CodeStep({ project, environment, flag, way, created, isUsed, onChange, onCreated }: CodeStepProps) {
  const may = useMay(project.key, environment.key);
  const kind = keyKindOf(way);
  const making = useMutation({
    mutationFn: () => createKey(project.key, environment.key, { kind, name: t`First steps` }),
    onSuccess: onCreated,
  });
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label={t`How`}
          value={way}
          options={ways.map((value) => ({ value, label: names[value] }))}
          onChange={(chosen) => onChange({ way: chosen })}
        />
        <EnvironmentSelect
          environments={project.environments}
          value={environment.key}
          onChange={(chosen) => onChange({ environment: chosen })}
        />
      </div>
      {kind === 'client' && !flag.clientVisible && <ShowToPages project={project.key} flag={flag} />}
      {making.error && (
        <Notice title={t`No key was made`}>
          <Failure error={making.error} />
        </Notice>
      )}
      {!created && may('key:write') && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <Button
            look={environment.production ? 'production' : 'primary'}
            busy={making.isPending}
            onClick={() => making.mutate()}
          >
            <Trans>Make a key for it</Trans>
          </Button>
          <p className="min-w-0 flex-1 basis-60 text-ink-3 text-xs">
            {kind === 'server'
              ? t`Its secret is shown only here: it reads all rules of ${environment.name}.`
              : t`Public: pages get the values of their own context in ${environment.name} by it, never rules.`}
          </p>
        </div>
      )}
      {!created && !may('key:write') && (
        <p className="text-ink-2">
          <Trans>You may not make keys in {environment.name}: ask someone who may for one.</Trans>
        </p>
      )}
      <CodeBlock
        title={titleOf(kind, created !== undefined)}
        code={connectCode(way, { url: baseUrl, key: created?.secret, flag: flag.key, type: flag.type })}
      />
      {created && <Arrival isThere={isUsed} environment={environment} />}
    </>
  );
}

function titleOf(kind: 'server' | 'client', hasKey: boolean): string {
  if (!hasKey) return t`What it will be`;
  return kind === 'server' ? t`Run it. Later, let it read the key from BUNTING_SDK_KEY` : t`Run it`;
}
