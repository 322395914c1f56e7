import type { Clock } from './clock.ts';
import { decodeFrame } from './decode-frame.ts';
import { encodeFrame } from './encode-frame.ts';
import type { Link, LinkHandlers } from './link.ts';
import { type SessionCloseCode, SessionFault } from './session-fault.ts';
import type { Claim, HelloFrame } from './session-frame.ts';
import type { SessionLimits } from './session-limits.ts';

/** Who decides over a hello, and how long it may take. */
export interface HelloOptions {
  admit(hello: { identity: string; credential: string | null }): boolean | Promise<boolean>;
  clock: Clock;
  limits: SessionLimits;
}

/**
 * What a fresh connection to a server must call: waits for one hello, asks whether it is admitted,
 * and calls `onHello` once, or ends the connection with a reason.
 */
export function receiveHello(
  link: Link,
  options: HelloOptions,
  onHello: (hello: HelloFrame) => void,
): LinkHandlers {
  let phase: 'waiting' | 'asking' | 'over' = 'waiting';
  const refuse = (code: SessionCloseCode, reason: string): void => {
    if (phase === 'over') return;
    phase = 'over';
    cancelTimer();
    sayBye(link, code, reason, null);
  };
  const cancelTimer = options.clock.after(options.limits.greetingMs, () =>
    refuse('silent', `No hello came within ${options.limits.greetingMs} ms.`),
  );
  const ask = async (hello: HelloFrame): Promise<void> => {
    const { identity, credential } = hello;
    try {
      if (!(await options.admit({ identity, credential }))) {
        refuse('forbidden', `This connection may not act as ${identity}. Check its token.`);
      }
    } catch {
      refuse('internal', `Whether this connection may act as ${identity} could not be found out.`);
    }
    if (phase !== 'asking') return;
    phase = 'over';
    cancelTimer();
    onHello(hello);
  };
  return {
    onFrame: (bytes) => {
      try {
        const hello = readHello(bytes, options.limits);
        if (phase !== 'waiting') throw new SessionFault('unexpected', 'Only one hello, please.');
        phase = 'asking';
        void ask(hello);
      } catch (error) {
        if (!(error instanceof SessionFault)) throw error;
        refuse(error.code, error.message);
      }
    },
    onFault: (fault) => refuse(fault.code, fault.message),
    onClose: () => {
      phase = 'over';
      cancelTimer();
    },
  };
}

/** Ends a connection that has no session, saying why. */
export function sayBye(
  link: Link,
  code: SessionCloseCode,
  reason: string,
  rival: Claim | null,
): void {
  link.send(encodeFrame({ type: 'bye', code, reason, rival }));
  link.close(code, reason);
}

function readHello(bytes: Uint8Array, limits: SessionLimits): HelloFrame {
  if (bytes.length > limits.frameBytes) {
    throw new SessionFault('oversized', `A frame of ${bytes.length} bytes came.`);
  }
  const frame = decodeFrame(bytes);
  if (frame.type === 'hello') return frame;
  throw new SessionFault('unexpected', `A ${frame.type} frame came before the hello.`);
}
