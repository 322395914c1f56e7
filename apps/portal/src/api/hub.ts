import { createClient } from '@interpulse/api/client/create-client.ts';

/** The typed client of the hub that served this page; the browser sends its session cookie. */
export const hub = createClient({ baseUrl: window.location.origin });
