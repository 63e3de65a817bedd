import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json, jsonParseLinter } from '@codemirror/lang-json';
import { bracketMatching, foldGutter, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { linter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useEffectEvent, useRef } from 'react';
import { type JsonProblem, placeIn } from './json-place.ts';

interface JsonEditorProps {
  /** What it begins with; later values are not looked at while someone types. */
  initial: string;
  onChange: (text: string) => void;
  label: string;
  /** What is wrong with it besides its grammar, marked until someone types again. */
  problems?: readonly JsonProblem[];
}

const none: readonly JsonProblem[] = [];

/** Colours are the page's variables, which a shadow root inherits: the editor follows the theme. */
const look = EditorView.theme({
  '&': { fontSize: '12px', color: 'var(--color-ink)', backgroundColor: 'var(--color-surface)' },
  '&.cm-focused': { outline: '2px solid var(--color-link)', outlineOffset: '1px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.5', maxHeight: '26rem', minHeight: '6rem' },
  '.cm-content': { caretColor: 'var(--color-ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--color-ink)' },
  '.cm-gutters': { backgroundColor: 'var(--color-sunken)', color: 'var(--color-ink-3)', border: 'none' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'var(--color-highlight)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--color-raised)',
    color: 'var(--color-ink)',
    border: '1px solid var(--color-line)',
  },
});

const colors = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--color-link)' },
  { tag: tags.string, color: 'var(--color-live-ink)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--color-danger-ink)' },
]);

/**
 * JSON with line numbers, brackets and the place of what is wrong with it. Tab leaves it. It lives in a shadow root: there
 * its styles are no inline styles, which the page's security policy forbids.
 */
export function JsonEditor({ initial, onChange, label, problems = none }: JsonEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(undefined);
  const tell = useEffectEvent(onChange);
  const begin = useEffectEvent((root: ShadowRoot) => {
    const state = EditorState.create({
      doc: initial,
      extensions: [
        lineNumbers(),
        foldGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        json(),
        linter(jsonParseLinter(), { delay: 200 }),
        syntaxHighlighting(colors),
        keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
        EditorView.lineWrapping,
        // The index says that what scrolls is reached by the keyboard: not every tool knows that what can be edited is.
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) tell(update.state.doc.toString());
        }),
        look,
      ],
    });
    return new EditorView({ state, parent: root, root });
  });
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    const view = begin(root);
    editor.current = view;
    return () => view.destroy();
  }, []);
  useEffect(() => {
    const view = editor.current;
    if (!view || problems.length === 0) return;
    const text = view.state.doc.toString();
    const marks = problems.map(({ path, message }) => ({
      ...placeIn(text, path),
      severity: 'error' as const,
      message,
    }));
    view.dispatch(setDiagnostics(view.state, marks));
  }, [problems]);
  return <div ref={host} dir="ltr" className="overflow-hidden rounded-sm border border-edge" />;
}
