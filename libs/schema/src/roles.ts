/** The role in which requests and consumers run: bound to one project by row-level security, owner of nothing. */
export const APP_ROLE = 'helpdesk_app';

/** The role of the relay, the scans and the key look-up: sees every project, in exactly the tables that it needs. */
export const WORKER_ROLE = 'helpdesk_worker';
