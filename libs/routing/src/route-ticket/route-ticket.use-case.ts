import { Injectable } from '@nestjs/common';
import type { RoutingActionResult, TicketMessageEventData } from '#contracts';
import type { Tx } from '#database';
import { Clock } from '#platform';
import { HelpdeskSettingsQuery } from '#settings';
import type { TicketSettings } from '#settings';
import { ApplyRule } from '#tickets';
import type { RoutingRule } from '../domain/routing-rule';
import { tryRules } from '../domain/try-rules';
import { ListRoutingRules } from '../list-rules/list-routing-rules.query';
import { TicketRoutingRepository } from '../persistence/ticket-routing.repository';

/** Routes a ticket that was opened: the first rule that matches changes it, and why is kept. */
@Injectable()
export class RouteTicket {
  constructor(
    private readonly settings: HelpdeskSettingsQuery,
    private readonly rules: ListRoutingRules,
    private readonly routings: TicketRoutingRepository,
    private readonly applyRule: ApplyRule,
    private readonly clock: Clock,
  ) {}

  /**
   * In the caller's transaction. Rules look at the ticket as it was opened; what they do, they do to it as it is now. A ticket is
   * routed once, whatever comes twice. While the helpdesk is off nothing happens to tickets, so they are not routed, later neither.
   */
  async execute(tx: Tx, { ticket, message }: TicketMessageEventData): Promise<void> {
    const [settings, isRouted, rules] = await Promise.all([
      this.settings.load(tx),
      this.routings.exists(tx, ticket.id),
      this.rules.enabled(tx),
    ]);
    if (!settings.helpdeskEnabled || isRouted) {
      return;
    }
    const { winner, results } = tryRules(rules, {
      channel: ticket.channel,
      ticketTypeId: ticket.ticket_type_id,
      subject: ticket.subject,
      text: message.text,
    });
    const applied = winner ? await this.apply({ tx, settings }, ticket.id, winner) : [];
    await this.routings.insert(tx, {
      ticketId: ticket.id,
      evaluatedAt: this.clock.now(tx.scope),
      winnerRuleId: winner?.id ?? null,
      rules: results,
      applied,
    });
  }

  private async apply(
    { tx, settings }: { readonly tx: Tx; readonly settings: TicketSettings },
    ticketId: string,
    { id, name, action }: RoutingRule,
  ): Promise<RoutingActionResult[]> {
    const actions = {
      assignTo: action.assign_to,
      priority: action.set_priority,
      addTags: action.add_tag === undefined ? undefined : [action.add_tag].flat(),
    };
    const outcomes = await this.applyRule.execute(tx, { ticketId, rule: { id, name }, actions, settings });
    return (outcomes ?? []).map(({ action: key, skipped }) => ({
      action: key,
      value: action[key] ?? [],
      done: skipped === null,
      reason: skipped,
    }));
  }
}
