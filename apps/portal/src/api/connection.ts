import { useSyncExternalStore } from 'react';

/** Whether what is on the screen follows the hub. */
export interface ConnectionState {
  status: 'connecting' | 'live' | 'lost';
  /** When the hub was last heard of, in milliseconds since 1970; null before the first time. */
  heardAt: number | null;
}

let state: ConnectionState = { status: 'connecting', heardAt: null };
const listeners = new Set<() => void>();

/** The state of the connection at this moment. */
export function currentConnection(): ConnectionState {
  return state;
}

/** Sets whether events arrive. */
export function setConnection(status: ConnectionState['status']): void {
  if (state.status === status) return;
  state = { status, heardAt: status === 'live' ? Date.now() : state.heardAt };
  for (const listener of listeners) listener();
}

/** Notes that an answer or an event came in. While connected nobody needs to be told. */
export function noteContact(): void {
  if (state.status === 'live') state.heardAt = Date.now();
}

/** The state of the connection; renders again when it changes. */
export function useConnection(): ConnectionState {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentConnection);
}
