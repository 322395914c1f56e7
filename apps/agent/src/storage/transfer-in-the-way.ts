import type { Location } from '@interpulse/domain/location.ts';

/** A transfer under way, and a location at which it reads or writes, in it, or around it. */
export interface InTheWay {
  transferId: string;
  location: Location;
}

interface Going {
  items: readonly { source: Location; destination: Location }[];
}

/**
 * The first transfer that works at one of some locations, in it, or around it; else null. Takes as
 * long as there are items and locations, not as their product: a transfer has up to 10,000.
 */
export function transferInTheWay(
  going: Iterable<readonly [string, Going]>,
  locations: readonly Location[],
): InTheWay | null {
  const wanted = new Map(locations.map((each) => [withoutSlash(each), each]));
  const ends = new Map<string, string>();
  for (const [transferId, { items }] of going) {
    for (const end of items.flatMap(({ source, destination }) => [source, destination])) {
      ends.set(withoutSlash(end), transferId);
      for (const place of andAbove(end)) {
        const location = wanted.get(place);
        if (location !== undefined) return { transferId, location };
      }
    }
  }
  for (const location of locations) {
    for (const place of andAbove(location)) {
      const transferId = ends.get(place);
      if (transferId !== undefined) return { transferId, location };
    }
  }
  return null;
}

/** A location and the folders that it lies in, up to the collection's root, `name:`. */
function andAbove(location: Location): string[] {
  const places = [withoutSlash(location)];
  for (;;) {
    const place = places.at(-1) ?? '';
    const at = place.lastIndexOf('/');
    if (at < 0) return places;
    places.push(place.slice(0, at));
  }
}

function withoutSlash(location: Location): string {
  return location.replace(/\/+$/, '');
}
