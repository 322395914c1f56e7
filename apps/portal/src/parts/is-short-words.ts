import { isValidElement, type ReactNode } from 'react';

/** Names of this length stand in one line: `xpcs-service` is not broken at its hyphen. */
const shortCharacters = 24;

/** True of a few words, or a link of them: what a table keeps in one line where it has room. */
export function isShortWords(content: ReactNode): boolean {
  if (typeof content === 'string') return content !== '' && content.length <= shortCharacters;
  if (typeof content === 'number') return true;
  if (!isValidElement<{ children?: ReactNode }>(content)) return false;
  return isShortWords(content.props.children);
}
