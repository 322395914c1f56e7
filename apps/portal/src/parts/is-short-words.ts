import { isValidElement, type ReactNode } from 'react';

/** Names of this length stand in one line: `xpcs-service` is not broken at its hyphen. */
const shortCharacters = 24;

/** Names longer than this would push the rest of a table out of sight. */
const longCharacters = 40;

/** True of words, or a link of them, that are too long for one line of a narrow column. */
export function isLongWords(content: ReactNode): boolean {
  if (typeof content === 'string') return content.length > longCharacters;
  return isValidElement<{ children?: ReactNode }>(content) && isLongWords(content.props.children);
}

/** True of a few words, or a link of them: what a table keeps in one line where it has room. */
export function isShortWords(content: ReactNode): boolean {
  if (typeof content === 'string') return content !== '' && content.length <= shortCharacters;
  if (typeof content === 'number') return true;
  if (!isValidElement<{ children?: ReactNode }>(content)) return false;
  return isShortWords(content.props.children);
}
