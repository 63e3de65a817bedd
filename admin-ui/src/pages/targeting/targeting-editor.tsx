import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { attributesQuery } from '../../api/targeting.ts';
import type { Environment, Flag, FlagEnvironment } from '../../api/types.ts';
import type { FormErrors } from '../../ui/form-errors.ts';
import { Panel } from '../../ui/panel.tsx';
import { ChangeBar } from './change-bar.tsx';
import { type Editor, EditorProvider } from './editor-context.ts';
import { FindingNotes } from './finding-notes.tsx';
import { findingsOf } from './findings.ts';
import { MergeDialog } from './merge-dialog.tsx';
import { PrerequisiteFields } from './prerequisite-fields.tsx';
import { ReviewDialog } from './review-dialog.tsx';
import { RuleList } from './rule-list.tsx';
import { ServeFields } from './serve-fields.tsx';
import { ServedFields } from './served-fields.tsx';
import { TargetFields } from './target-fields.tsx';
import { useDraft } from './use-draft.ts';

interface TargetingEditorProps {
  user: string;
  project: string;
  flag: Flag;
  environment: Environment;
  state: FlagEnvironment;
}

/** Edits how one environment serves a flag. Nothing is sent before it is reviewed and saved. */
export function TargetingEditor({ user, project, flag, environment, state }: TargetingEditorProps) {
  const place = { user, project, flag: flag.key, environment: environment.key };
  const { draft, edits, isBehind, change, replace } = useDraft(place, state);
  const [refused, setRefused] = useState<FormErrors>({});
  const [open, setOpen] = useState<'review' | 'merge'>();
  const { data: attributes = [] } = useQuery(attributesQuery(project, environment.key));
  const { mine, base } = draft;
  const findings = findingsOf(flag, mine, refused);
  const editor: Editor = { project, flag, environment, attributes, findings };
  const edit = (part: Parameters<typeof change>[0]) => {
    setRefused({});
    change(part);
  };
  const settle = (next: Parameters<typeof replace>[0]) => {
    setRefused({});
    setOpen(undefined);
    replace(next);
  };
  const { rules = [], targets = [], prerequisites = [], defaultRule, offVariant } = mine;
  return (
    <EditorProvider value={editor}>
      <Panel title="State">
        <ServedFields targeting={mine} onChange={edit} />
      </Panel>
      <Panel title="Prerequisites" note="All must hold, or the off variant is served.">
        <PrerequisiteFields prerequisites={prerequisites} onChange={edit} />
      </Panel>
      <Panel title="Individual targets" note="Tried before the rules.">
        <TargetFields targets={targets} onChange={edit} />
      </Panel>
      <section aria-label="Targeting rules" className="flex flex-col gap-3">
        <header className="flex flex-wrap items-baseline gap-x-3 px-1">
          <h2 className="font-semibold text-sm">Rules</h2>
          <p className="text-ink-3 text-xs">From the top: the first that matches decides.</p>
        </header>
        <RuleList
          rules={rules}
          stored={base.rules ?? []}
          offVariant={offVariant}
          onChange={(next) => edit({ rules: next })}
        />
      </section>
      <Panel title={rules.length === 0 ? 'Everyone gets' : 'Everyone else gets'}>
        <div className="p-3">
          <ServeFields
            serve={defaultRule}
            stored={base.defaultRule}
            path="defaultRule"
            place="default rule"
            offVariant={offVariant}
            onChange={(serve) => edit({ defaultRule: serve })}
          />
        </div>
      </Panel>
      <FindingNotes at="" exactly />
      <ChangeBar
        changes={edits.length}
        errors={findings.filter(({ severity }) => severity === 'error').length}
        isBehind={isBehind}
        onDiscard={() => settle(undefined)}
        onReview={() => setOpen('review')}
        onMerge={() => setOpen('merge')}
      />
      {open === 'review' && (
        <ReviewDialog
          project={project}
          flag={flag}
          environment={environment}
          draft={draft}
          edits={edits}
          onChange={replace}
          onClose={() => setOpen(undefined)}
          onDone={() => settle(undefined)}
          onBehind={() => setOpen('merge')}
          onRefused={setRefused}
        />
      )}
      <MergeDialog
        open={open === 'merge' && isBehind}
        flag={flag}
        environment={environment}
        state={state}
        draft={draft}
        onClose={() => setOpen(undefined)}
        onChoose={settle}
      />
    </EditorProvider>
  );
}
