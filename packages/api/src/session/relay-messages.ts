import type { Answer, MessageContext, Session } from './session.ts';

/**
 * A handler that passes every message on to `next`, as an agent does between its pilots and the
 * hub: it resolves when `next`'s peer has handled the message, so acknowledgements, answers and
 * refusals are end to end. Give the server a `handlerConcurrency` of about the messages that are
 * under way in one round trip; they stay in order, since sending begins in order.
 */
export function relayMessages<M>(
  next: Session<M, M>,
  timeoutMs: number,
): (message: M, context: MessageContext<M, M>) => Promise<Answer<M> | void> {
  return async (message, { attachment, wantsAnswer }) => {
    if (wantsAnswer) return next.request(message, { attachment, timeoutMs });
    await next.send(message, { attachment });
  };
}
