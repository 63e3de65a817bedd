import type { Finding } from '@bunting/core';
import { createContext, useContext } from 'react';
import type { Attribute, Environment, Flag } from '../../api/types.ts';

/** What every part of the editor may look at. */
export interface Editor {
  readonly project: string;
  readonly flag: Flag;
  readonly environment: Environment;
  /** Of contexts that were seen; empty: none was, or none is told. */
  readonly attributes: readonly Attribute[];
  /** What is wrong or doubtful about the draft, each with its place in the flag's document. */
  readonly findings: readonly Finding[];
}

const EditorContext = createContext<Editor | undefined>(undefined);

export const EditorProvider = EditorContext.Provider;

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (editor === undefined) throw new Error('a part of the editor is shown outside of it');
  return editor;
}
