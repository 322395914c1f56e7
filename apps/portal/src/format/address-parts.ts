/** A part of a sentence: words, or the address of a page. */
export interface AddressPart {
  text: string;
  isAddress: boolean;
}

// What ends a sentence or stands around an address is not of it.
const addresses = /https?:\/\/[^\s<>"'`]*[^\s<>"'`.,;:!?()[\]{}]/g;

/** Takes a sentence apart at the addresses in it, to make links of these. */
export function addressParts(text: string): AddressPart[] {
  const parts: AddressPart[] = [];
  let done = 0;
  for (const { 0: address, index } of text.matchAll(addresses)) {
    if (index > done) parts.push({ text: text.slice(done, index), isAddress: false });
    parts.push({ text: address, isAddress: true });
    done = index + address.length;
  }
  if (done < text.length) parts.push({ text: text.slice(done), isAddress: false });
  return parts;
}
