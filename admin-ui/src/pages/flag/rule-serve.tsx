import { describeServe } from '../../flags/describe-serve.ts';
import { ServeEditor, type ServeEditorProps } from './serve-editor.tsx';

/** What a rule serves: to be edited, or only told when the flag is archived or whoever looks may not change it. */
export function RuleServe({ mayEdit, ...props }: ServeEditorProps & { mayEdit: boolean }) {
  const { flag, environment, serve } = props;
  if (flag.archivedAt === null && mayEdit) return <ServeEditor {...props} />;
  return (
    <p className="font-mono text-ink-2 text-xs">
      {describeServe(serve, flag, flag.environments[environment.key]?.offVariant ?? '')}
    </p>
  );
}
