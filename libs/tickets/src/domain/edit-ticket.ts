import { TicketAssigned, TicketPriorityChanged, TicketTagsChanged, TicketUpdated } from '#contracts';
import type { TicketPriority } from '#contracts';
import { tagKey, uniqueTags } from './tags';
import type { TicketRevision } from './ticket-revision';

/** Gives the ticket to an agent, or to nobody. Never changes the status. */
export function assign(revision: TicketRevision, agentId: string | null): void {
  if (revision.current.assignedTo !== agentId) {
    revision.changeField('assigned_to', agentId, 'assigned', { assignedTo: agentId }, TicketAssigned);
  }
}

/** Sets the priority. */
export function setPriority(revision: TicketRevision, priority: TicketPriority): void {
  if (revision.current.priority !== priority) {
    revision.changeField('priority', priority, 'priority_changed', { priority }, TicketPriorityChanged);
  }
}

/** Replaces the whole list of tags. A tag that the ticket has already keeps its spelling. */
export function setTags(revision: TicketRevision, list: readonly string[]): void {
  const { tags: current } = revision.current;
  const spellings = new Map(current.map((tag) => [tagKey(tag), tag]));
  const tags = uniqueTags(list).map((tag) => spellings.get(tagKey(tag)) ?? tag);
  if (tags.length !== current.length || tags.some((tag, index) => tag !== current[index])) {
    revision.changeField('tags', tags, 'tags_changed', { tags, tagKeys: tags.map(tagKey) }, TicketTagsChanged);
  }
}

/** Sets or clears the subject. */
export function setSubject(revision: TicketRevision, subject: string | null): void {
  if (revision.current.subject !== subject) {
    revision.changeField('subject', subject, 'updated', { subject }, TicketUpdated);
  }
}

/** Sets or clears the type; the ticket keeps the type's name as it is now. */
export function setType(revision: TicketRevision, type: { readonly id: string; readonly name: string } | null): void {
  if (revision.current.ticketTypeId !== (type?.id ?? null)) {
    const values = { ticketTypeId: type?.id ?? null, ticketTypeName: type?.name ?? null };
    revision.changeField('ticket_type_id', values.ticketTypeId, 'updated', values, TicketUpdated);
  }
}
