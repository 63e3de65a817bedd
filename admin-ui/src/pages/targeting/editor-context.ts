import { createContext, useContext } from 'react';
import type { Flag } from '../../api/types.ts';
import type { Surroundings } from '../../conditions/surroundings.ts';

/** What every part of the editor may look at. */
export interface Editor extends Surroundings {
  readonly flag: Flag;
}

const EditorContext = createContext<Editor | undefined>(undefined);

export const EditorProvider = EditorContext.Provider;

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (editor === undefined) throw new Error('a part of the editor is shown outside of it');
  return editor;
}
