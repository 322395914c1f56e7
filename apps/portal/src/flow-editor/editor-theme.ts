import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Colours of keys and values: the portal's own, which know light and dark. */
export const highlightStyle = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--ip-accent)' },
  { tag: tags.string, color: 'var(--ip-text)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword, tags.atom], color: 'var(--ip-late)' },
  { tag: tags.comment, color: 'var(--ip-dim)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.bracket], color: 'var(--ip-dim)' },
]);

/** The look of the editor. */
export const editorTheme = EditorView.theme({
  '&': {
    height: '100%',
    fontSize: '0.8125rem',
    backgroundColor: 'var(--ip-surface)',
    color: 'var(--ip-text)',
  },
  // The frame around it shows the focus.
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    lineHeight: '1.55',
    overflow: 'auto',
  },
  '.cm-content': { caretColor: 'var(--ip-text)' },
  '.cm-cursor': { borderLeftColor: 'var(--ip-text)' },
  '.cm-gutters': {
    backgroundColor: 'var(--ip-surface)',
    color: 'var(--ip-off)',
    border: 'none',
  },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--ip-sunken) 60%, transparent)' },
  // As specific as CodeMirror's own rule for an editor that has the focus.
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--ip-accent) 28%, transparent)',
  },
  '.cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--ip-accent) 28%, transparent)',
  },
  '.cm-matchingBracket': { backgroundColor: 'var(--ip-sunken)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--ip-sunken)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--ip-surface)',
    border: '1px solid var(--ip-line)',
    borderRadius: '4px',
    color: 'var(--ip-text)',
    maxWidth: '60ch',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--ip-sunken)',
    color: 'var(--ip-text)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    maxHeight: '20em',
  },
  '.cm-completionDetail': { color: 'var(--ip-dim)', fontStyle: 'normal', marginLeft: '1em' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionInfo': { padding: '6px 10px', fontFamily: 'var(--mantine-font-family)' },
  '.cm-explanation': { padding: '6px 10px', fontFamily: 'var(--mantine-font-family)' },
  '.cm-diagnostic': { padding: '6px 10px', fontFamily: 'var(--mantine-font-family)' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--ip-bad)' },
  '.cm-diagnostic-warning': { borderLeft: '3px solid var(--ip-late)' },
  '.cm-panels': {
    backgroundColor: 'var(--ip-sunken)',
    color: 'var(--ip-text)',
    borderColor: 'var(--ip-line)',
  },
  '.cm-collapsedLines': {
    color: 'var(--ip-dim)',
    background: 'var(--ip-sunken)',
    padding: '3px 10px',
    '&:before, &:after': { content: 'none' },
  },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--ip-sunken)',
    border: 'none',
    color: 'var(--ip-dim)',
  },
});
