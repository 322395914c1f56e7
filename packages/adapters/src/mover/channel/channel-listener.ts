import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { DomainError } from '@interpulse/domain/error.ts';
import type { MoveSummary, MoveWatch } from '../mover.ts';
import { moverLimits } from '../mover-limits.ts';
import { answerFits, challengeConnector, welcomeConnector } from './channel-handshake.ts';
import type { ConnectorAnswer } from './channel-handshake.ts';
import { ChannelLink } from './channel-link.ts';
import { runChannelTask } from './channel-task.ts';
import type { ChannelTask } from './channel-task.ts';
import { spliceLinks } from './splice-links.ts';
import type { RelaySummary } from './splice-links.ts';
import type { ChannelRole, ChannelTicket } from './ticket.ts';

/** How to listen. */
export interface ChannelListenerOptions {
  host: string;
  /** 0 for any free one. */
  port: number;
  /** PEM; see `createSelfSignedCertificate`. Without it the channel is in clear. */
  tls?: { key: string; cert: string };
  /** How long a connector waits for its ticket to be announced; see `moverLimits`. */
  ticketWaitSeconds?: number;
}

/** A port that waits for the connectors of announced transfers. */
export interface ChannelListener {
  readonly address: string;
  readonly port: number;
  /** For the tickets of transfers that come here; null when the channel is in clear. */
  readonly fingerprint: string | null;
  /** Announces a transfer and carries out this end of it when its connector comes. */
  expect(ticket: ChannelTicket, task: ChannelTask, watch?: MoveWatch): Promise<MoveSummary>;
  /** Announces a transfer between two connectors and passes their bytes on. */
  relay(ticket: ChannelTicket, watch?: MoveWatch): Promise<RelaySummary>;
  /** Stops listening and ends what is under way (`unavailable`). */
  close(): Promise<void>;
}

interface Arrival {
  link: ChannelLink;
  answer: ConnectorAnswer;
  /** Called when it found its announcement. */
  matched: () => void;
}

interface Announcement {
  ticket: ChannelTicket;
  /** Roles of the connectors still to come. */
  roles: ChannelRole[];
  arrived: (arrival: Arrival) => void;
  drop: (error: DomainError) => void;
}

/** Starts to listen; rejects with `unavailable` when the address cannot be had. */
export async function createChannelListener(
  options: ChannelListenerOptions,
): Promise<ChannelListener> {
  const board = new TicketBoard(options.ticketWaitSeconds ?? moverLimits.ticketWaitSeconds);
  const accept = (socket: Socket): void => board.accept(socket);
  const server =
    options.tls === undefined
      ? createServer({ noDelay: true }, accept)
      : createTlsServer({ ...options.tls, minVersion: 'TLSv1.3', noDelay: true }, accept);
  await listen(server, options);
  const { address, port } = server.address() as AddressInfo;
  const certificate = options.tls === undefined ? null : new X509Certificate(options.tls.cert);
  return {
    address,
    port,
    fingerprint: certificate?.fingerprint256 ?? null,
    async expect(ticket, task, watch = {}) {
      const role = task.role === 'send' ? 'receive' : 'send';
      return board.announce(ticket, [role], watch, async ([arrival]) => {
        welcomeConnector(arrival.link, ticket, arrival.answer);
        return runChannelTask(arrival.link, task, watch);
      });
    },
    async relay(ticket, watch = {}) {
      return board.announce(ticket, ['send', 'receive'], watch, async (arrivals) => {
        for (const { link, answer } of arrivals) welcomeConnector(link, ticket, answer);
        return spliceLinks(arrivals.map(({ link }) => link));
      });
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      board.close();
      await closed;
    },
  };
}

function listen(server: Server, options: ChannelListenerOptions): Promise<void> {
  const { host, port } = options;
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const said = `listening on ${host}:${port}: ${error.message}; choose another address`;
      reject(new DomainError('unavailable', said, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
}

/** Brings connectors and announcements together, in whichever order they come. */
class TicketBoard {
  readonly #announcements = new Set<Announcement>();
  /** Arrived with an answer that fits no announcement yet. */
  readonly #early = new Set<Arrival>();
  readonly #sockets = new Set<Socket>();
  readonly #ticketWaitSeconds: number;
  #strangers = 0;

  constructor(ticketWaitSeconds: number) {
    this.#ticketWaitSeconds = ticketWaitSeconds;
  }

  accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    if (this.#strangers >= moverLimits.strangersPerListener) {
      socket.destroy();
      return;
    }
    const link = new ChannelLink();
    link.attach(socket, false);
    this.#strangers += 1;
    void this.#receive(link).finally(() => (this.#strangers -= 1));
  }

  /** Waits for the connectors of a ticket, then does `work` with them. */
  async announce<T>(
    ticket: ChannelTicket,
    roles: ChannelRole[],
    watch: MoveWatch,
    work: (arrivals: [Arrival, ...Arrival[]]) => Promise<T>,
  ): Promise<T> {
    for (const other of this.#announcements) {
      if (other.ticket.transferId !== ticket.transferId) continue;
      if (other.ticket.attempt > ticket.attempt) {
        const said = `moving ${ticket.transferId}: a later attempt is already here`;
        throw new DomainError('conflict', `${said}; attempt ${ticket.attempt} is over`);
      }
      const said = `moving ${ticket.transferId}: replaced by attempt ${ticket.attempt}`;
      other.drop(new DomainError('unavailable', said));
    }
    const arrivals: Arrival[] = [];
    const announcement: Announcement = {
      ticket,
      roles: [...roles],
      arrived: () => undefined,
      drop: () => undefined,
    };
    const stop = (): void => {
      const said = `moving ${ticket.transferId}: the transfer was canceled`;
      announcement.drop(new DomainError('conflict', said, { cause: watch.signal?.reason }));
    };
    watch.signal?.addEventListener('abort', stop);
    let late: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        announcement.drop = (error) => {
          reject(error);
          for (const { link } of arrivals) link.fail(error);
        };
        announcement.arrived = (arrival) => {
          arrivals.push(arrival);
          if (announcement.roles.length === 0) resolve();
        };
        late = setTimeout(() => {
          const said = `moving ${ticket.transferId}: nobody connected within`;
          const seconds = `${moverLimits.arrivalSeconds} s; can the other agent reach this one?`;
          announcement.drop(new DomainError('unavailable', `${said} ${seconds}`));
        }, moverLimits.arrivalSeconds * 1000);
        this.#announcements.add(announcement);
        if (watch.signal?.aborted === true) stop();
        for (const arrival of this.#early) this.#match(arrival);
      });
      clearTimeout(late);
      return await work(arrivals as [Arrival, ...Arrival[]]);
    } catch (error) {
      const end = asDomainError(error);
      for (const { link } of arrivals) link.fail(end);
      throw arrivals.map(({ link }) => link.over).find((over) => over !== null) ?? end;
    } finally {
      clearTimeout(late);
      watch.signal?.removeEventListener('abort', stop);
      this.#announcements.delete(announcement);
    }
  }

  close(): void {
    const error = new DomainError('unavailable', 'the listener was closed; try again');
    for (const announcement of this.#announcements) announcement.drop(error);
    for (const socket of this.#sockets) socket.destroySoon();
    for (const { link } of this.#early) link.destroy(error);
  }

  /** Never rejects; an arrival that fits nothing in time is refused, whatever was wrong with it. */
  async #receive(link: ChannelLink): Promise<void> {
    try {
      const answer = await challengeConnector(link);
      const arrival: Arrival = { link, answer, matched: () => undefined };
      this.#early.add(arrival);
      if (this.#match(arrival)) return;
      await new Promise<void>((resolve) => {
        const late = setTimeout(resolve, this.#ticketWaitSeconds * 1000);
        link.onClosed(() => resolve());
        arrival.matched = () => {
          clearTimeout(late);
          resolve();
        };
      });
      if (!this.#early.delete(arrival)) return;
      link.sendJson('refused', {});
      link.end();
    } catch (error) {
      link.destroy(asDomainError(error));
    }
  }

  #match(arrival: Arrival): boolean {
    for (const announcement of this.#announcements) {
      const at = announcement.roles.indexOf(arrival.answer.role);
      if (at < 0 || !answerFits(arrival.answer, announcement.ticket)) continue;
      announcement.roles.splice(at, 1);
      this.#early.delete(arrival);
      arrival.matched();
      announcement.arrived(arrival);
      return true;
    }
    return false;
  }
}

function asDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new DomainError('unavailable', `moving over the channel: ${why}`, { cause: error });
}
