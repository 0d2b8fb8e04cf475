/** What a member of a project may do: own it, configure it, answer tickets, or read. */
export const MEMBER_ROLES = ['owner', 'admin', 'support', 'viewer'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

/** Roles that may answer, and so be assigned. */
export const ASSIGNABLE_ROLES: readonly MemberRole[] = ['owner', 'admin', 'support'];

/** A member who can be assigned, with the number of open tickets on the side that asks. */
export interface AgentPayload {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: MemberRole;
  readonly open_tickets: number;
}
