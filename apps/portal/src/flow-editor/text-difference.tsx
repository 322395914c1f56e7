import { useEffect, useRef } from 'react';
import { unifiedMergeView } from '@codemirror/merge';
import { json } from '@codemirror/lang-json';
import { syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { editorTheme, highlightStyle } from './editor-theme.ts';
import classes from './flow-editor.module.css';

/** Two texts as one: what goes away and what comes, long equal pieces folded. */
export function TextDifference(props: { before: string; after: string }) {
  const { before, after } = props;
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (host.current === null) return undefined;
    const view = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: after,
        extensions: [
          json(),
          lineNumbers(),
          syntaxHighlighting(highlightStyle),
          editorTheme,
          EditorView.editable.of(false),
          EditorState.readOnly.of(true),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': 'What changes' }),
          unifiedMergeView({
            original: before,
            mergeControls: false,
            gutter: true,
            collapseUnchanged: { margin: 2, minSize: 4 },
          }),
        ],
      }),
    });
    return () => view.destroy();
  }, [before, after]);
  return <div ref={host} className={classes.difference} />;
}
