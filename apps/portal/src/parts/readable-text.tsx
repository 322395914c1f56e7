import { useHubNow } from '../api/hub-clock.ts';
import { addressParts } from '../format/address-parts.ts';
import { readableText } from '../format/readable-text.ts';

/** A sentence of the hub, its instants in local time; addresses in it can be gone to. */
export function ReadableText(props: { text: string }) {
  const text = readableText(props.text, useHubNow(60_000));
  return addressParts(text).map((part, place) =>
    part.isAddress ? (
      <a key={place} href={part.text} target="_blank" rel="noreferrer noopener">
        {part.text}
      </a>
    ) : (
      part.text
    ),
  );
}
