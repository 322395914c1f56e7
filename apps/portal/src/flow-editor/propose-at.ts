import {
  startCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import type { EditorView } from '@codemirror/view';
import type { EditorLanguage } from './code-editor.tsx';
import type { Proposal } from './complete-definition.ts';

/** What CodeMirror shows for the proposals of a language. */
export function proposeAt(
  context: CompletionContext,
  language: EditorLanguage,
): CompletionResult | null {
  const found = language.propose(context.state.doc.toString(), context.pos);
  if (found === null || found.items.length === 0) return null;
  const options = found.items.map((item, place) => ({
    label: item.label,
    detail: item.detail,
    ...(item.info === '' ? {} : { info: item.info }),
    type: item.kind,
    // Keeps the order: what is needed comes first.
    boost: Math.max(-99, -place),
    apply: (view: EditorView, completion: Completion, from: number, to: number) =>
      write(view, item, completion, from, Math.max(to, found.to)),
  }));
  return { from: found.from, options, validFor: /^[\w.$:[\]=-]*$/ };
}

function write(
  view: EditorView,
  item: Proposal,
  _completion: Completion,
  from: number,
  to: number,
): void {
  const { insert, kind } = item;
  // Between the brackets of an object or a list that was just opened.
  const isOpen = insert.endsWith('{}') || insert.endsWith('[]');
  const anchor = from + insert.length - (isOpen ? 1 : 0);
  view.dispatch({
    changes: { from, to: Math.min(to, view.state.doc.length), insert },
    selection: { anchor },
    userEvent: 'input.complete',
  });
  if (kind === 'key') startCompletion(view);
}
