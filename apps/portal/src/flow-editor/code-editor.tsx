import { useEffect, useId, useRef } from 'react';
import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language';
import { lintGutter, lintKeymap, linter, type Diagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
  rectangularSelection,
} from '@codemirror/view';
import { editorTheme, highlightStyle } from './editor-theme.ts';
import { proposeAt } from './propose-at.ts';
import type { TextFormat, TextRange } from './flow-text.ts';
import type { Proposals } from './complete-definition.ts';
import classes from './code-editor.module.css';

/** Something to say about a piece of the text. */
export type TextMark = TextRange & { msg: string; severity: 'error' | 'warning' | 'info' };

/** What an editor knows of the language it edits; functions of the whole text. */
export interface EditorLanguage {
  marks: (text: string) => TextMark[] | Promise<TextMark[]>;
  propose: (text: string, position: number) => Proposals | null;
  /** What is said of the thing at a position, and which piece of text that is. */
  explain: (text: string, position: number) => (TextRange & { words: string }) | null;
}

/** A text editor: CodeMirror with faults, completion and explanations of a language. */
export function CodeEditor(props: {
  label: string;
  text: string;
  format: TextFormat;
  language: EditorLanguage;
  onChange: (text: string) => void;
  onCursor?: (position: number) => void;
  /** Puts the cursor there; a new object for each time. */
  goTo?: TextRange | null;
}) {
  const { text, format, goTo } = props;
  const wayOut = useId();
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    if (host.current === null) return undefined;
    const compartment = new Compartment();
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: [compartment.of(languageOf(format)), ...extensions(latest, wayOut)],
      }),
    });
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
    // Another format is another text and another grammar: a new editor.
  }, [format, wayOut]);
  useEffect(() => {
    const { current } = view;
    if (current === null || current.state.doc.toString() === text) return;
    current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: text } });
  }, [text]);
  useEffect(() => {
    const { current } = view;
    if (!goTo || current === null) return;
    const { length } = current.state.doc;
    const anchor = Math.min(goTo.from, length);
    const head = Math.min(goTo.to, length);
    current.dispatch({
      selection: { anchor, head },
      effects: EditorView.scrollIntoView(anchor, { y: 'center' }),
    });
    current.focus();
  }, [goTo]);
  return (
    <div className={classes.editor}>
      <div ref={host} className={classes.host} />
      <p id={wayOut} className={classes.wayOut}>
        Tab indents; Esc, then Tab leaves
      </p>
    </div>
  );
}

type Latest = React.RefObject<Parameters<typeof CodeEditor>[0]>;

function languageOf(format: TextFormat): Extension {
  return format === 'json' ? json() : yaml();
}

/** How long after typing the text is checked. */
const lintDelayMilliseconds = 250;

function extensions(latest: Latest, describedBy: string): Extension[] {
  return [
    lineNumbers(),
    foldGutter(),
    codeFolding(),
    history(),
    drawSelection(),
    rectangularSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    lintGutter(),
    linter((view) => diagnostics(latest, view.state), { delay: lintDelayMilliseconds }),
    autocompletion({
      override: [(context) => proposeAt(context, latest.current.language)],
      icons: false,
      maxRenderedOptions: 60,
    }),
    hoverTooltip((view, position) => explanationAt(latest, view.state, position)),
    keymap.of([
      ...completionKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({
      'aria-label': latest.current.label,
      'aria-describedby': describedBy,
    }),
    EditorState.tabSize.of(2),
    syntaxHighlighting(highlightStyle),
    editorTheme,
    EditorView.updateListener.of((update) => {
      if (update.docChanged) latest.current.onChange(update.state.doc.toString());
      if (update.selectionSet || update.docChanged) {
        latest.current.onCursor?.(update.state.selection.main.head);
      }
    }),
  ];
}

async function diagnostics(latest: Latest, state: EditorState): Promise<Diagnostic[]> {
  const { length } = state.doc;
  const marks = await latest.current.language.marks(state.doc.toString());
  return marks.map(({ from, to, msg, severity }) => ({
    from: Math.min(from, length),
    to: Math.min(Math.max(to, from), length),
    message: msg,
    severity,
  }));
}

function explanationAt(latest: Latest, state: EditorState, position: number) {
  const found = latest.current.language.explain(state.doc.toString(), position);
  if (found === null) return null;
  return {
    pos: found.from,
    end: found.to,
    above: true,
    create: () => {
      const dom = document.createElement('div');
      dom.className = 'cm-explanation';
      dom.textContent = found.words;
      return { dom };
    },
  };
}
