import { DomainError } from '@interpulse/domain/error.ts';

/** The agent that an action asks is not connected to this hub; it may be to another one. */
export class AgentElsewhere extends DomainError {
  readonly siteId: string;

  constructor(siteId: string, siteName: string) {
    super(
      'unavailable',
      `the agent of site ${siteName} is not connected; it goes on when it is back`,
    );
    this.siteId = siteId;
  }
}
