import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { MemberEntity } from './member.entity';
import { SubscriberEntity } from './subscriber.entity';
import { TicketTypeEntity } from './ticket-type.entity';

const ASSIGNED = 'assigned_to IS NOT NULL';
const TYPED = 'ticket_type_id IS NOT NULL';
const SUBSCRIBED = 'subscriber_id IS NOT NULL';
const WAITING = 'waiting_since IS NOT NULL';
const CONTINUED = 'continued_in IS NOT NULL';
const OPEN = "status <> 'closed'";
const CLOCK_RUNS = 'sla_next_at IS NOT NULL';
const UNANSWERED =
  "status IN ('new', 'in_progress') AND last_message_from = 'customer' AND waiting_since IS NOT NULL " +
  'AND unanswered_told_for IS DISTINCT FROM waiting_since';
const WARNING = "sla_first_reply_status = 'warning' OR sla_resolve_status = 'warning'";
const BREACHED = "sla_first_reply_status = 'breached' OR sla_resolve_status = 'breached'";

const ASKED = "csat_status = 'requested'";

/** A ticket as it stands. Owner: tickets, whose statements never pass through this class: it is for the drift test. */
@Entity('ticket')
@ForeignKey(() => TicketTypeEntity, ['liveProjectId', 'ticketTypeId'], ['projectId', 'id'], { name: 'fk_ticket_type' })
@ForeignKey(() => MemberEntity, ['liveProjectId', 'assignedTo'], ['projectId', 'id'], { name: 'fk_ticket_assignee' })
@ForeignKey(() => SubscriberEntity, ['projectId', 'subscriberId'], ['projectId', 'id'], {
  name: 'fk_ticket_subscriber',
})
@ForeignKey(() => TicketEntity, ['projectId', 'continuedIn'], ['projectId', 'id'], { name: 'fk_ticket_continued' })
@Index('uq_ticket_number', ['projectId', 'ticketNumber'], { unique: true })
@Index('ix_ticket_created', ['projectId', 'createdAt', 'id'])
@Index('ix_ticket_updated', ['projectId', 'updatedAt', 'id'])
@Index('ix_ticket_status', ['projectId', 'status', 'createdAt', 'id'])
@Index('ix_ticket_priority', ['projectId', 'priorityRank', 'createdAt', 'id'])
@Index('ix_ticket_assignee', ['projectId', 'assignedTo', 'createdAt', 'id'], { where: ASSIGNED })
@Index('ix_ticket_type', ['projectId', 'ticketTypeId', 'createdAt', 'id'], { where: TYPED })
@Index('ix_ticket_subscriber', ['projectId', 'subscriberId', 'createdAt', 'id'], { where: SUBSCRIBED })
@Index('ix_ticket_waiting', ['projectId', 'waitingSince', 'id'], { where: WAITING })
@Index('ix_ticket_continued', ['projectId', 'continuedIn'], { where: CONTINUED })
@Index('ix_ticket_sla_due', { synchronize: false })
@Index('ix_ticket_sla_next', ['projectId', 'slaNextAt'], { where: CLOCK_RUNS })
@Index('ix_ticket_sla_settings', ['projectId', 'slaSettingsAt'], { where: OPEN })
@Index('ix_ticket_unanswered', ['projectId', 'lastMessageAt'], { where: UNANSWERED })
@Index('ix_ticket_sla_warning', ['projectId', 'createdAt', 'id'], { where: WARNING })
@Index('ix_ticket_sla_breached', ['projectId', 'createdAt', 'id'], { where: BREACHED })
@Index('ix_ticket_csat_open', ['projectId', 'csatExpiresAt'], { where: ASKED })
@Check('ck_ticket_status', "status IN ('new', 'in_progress', 'waiting', 'closed')")
@Check('ck_ticket_priority', "priority IN ('low', 'normal', 'high', 'urgent')")
@Check('ck_ticket_channel', "channel IN ('telegram', 'max', 'virtual')")
@Check('ck_ticket_source', "source IN ('api', 'bot', 'dashboard', 'mcp')")
@Check('ck_ticket_closed', "(status = 'closed') = (closed_at IS NOT NULL)")
@Check('ck_ticket_csat', "csat_status IN ('none', 'requested', 'rated', 'expired', 'withdrawn', 'skipped')")
@Check('ck_ticket_csat_rating', 'csat_rating BETWEEN 1 AND 5 AND char_length(csat_comment) <= 1000')
@Check('ck_ticket_csat_rated', "(csat_status = 'rated') = (csat_rating IS NOT NULL AND csat_rated_at IS NOT NULL)")
@Check(
  'ck_ticket_csat_asked',
  "csat_status IN ('none', 'skipped') OR (csat_asked_at IS NOT NULL AND csat_expires_at IS NOT NULL)",
)
export class TicketEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_ticket' })
  readonly projectId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_ticket' })
  readonly id!: string;

  @Column('uuid', { name: 'live_project_id' })
  readonly liveProjectId!: string;

  @Column('integer', { name: 'ticket_number' })
  readonly ticketNumber!: number;

  @Column('text', { nullable: true })
  readonly subject!: string | null;

  @Column('text')
  readonly status!: string;

  @Column('text')
  readonly priority!: string;

  @Column({
    type: 'smallint',
    name: 'priority_rank',
    generatedType: 'STORED',
    asExpression: "CASE priority WHEN 'urgent' THEN 3 WHEN 'high' THEN 2 WHEN 'normal' THEN 1 ELSE 0 END",
  })
  readonly priorityRank!: number;

  @Column('text')
  readonly channel!: string;

  @Column('text')
  readonly source!: string;

  @Column('uuid', { name: 'ticket_type_id', nullable: true })
  readonly ticketTypeId!: string | null;

  @Column('text', { name: 'ticket_type_name', nullable: true })
  readonly ticketTypeName!: string | null;

  @Column('uuid', { name: 'assigned_to', nullable: true })
  readonly assignedTo!: string | null;

  @Column('text', { array: true, default: '{}' })
  readonly tags!: string[];

  @Column('text', { name: 'tag_keys', array: true, default: '{}' })
  readonly tagKeys!: string[];

  @Column('uuid', { name: 'subscriber_id', nullable: true })
  readonly subscriberId!: string | null;

  @Column('bigint', { name: 'chat_id', nullable: true })
  readonly chatId!: number | null;

  @Column('text', { name: 'first_name', nullable: true })
  readonly firstName!: string | null;

  @Column('text', { nullable: true })
  readonly username!: string | null;

  @Column('timestamptz', { name: 'first_customer_message_at', nullable: true })
  readonly firstCustomerMessageAt!: Date | null;

  @Column('timestamptz', { name: 'first_reply_at', nullable: true })
  readonly firstReplyAt!: Date | null;

  @Column('timestamptz', { name: 'closed_at', nullable: true })
  readonly closedAt!: Date | null;

  @Column('timestamptz', { name: 'waiting_since', nullable: true })
  readonly waitingSince!: Date | null;

  @Column('timestamptz', { name: 'last_message_at', nullable: true })
  readonly lastMessageAt!: Date | null;

  @Column('text', { name: 'last_message_from', nullable: true })
  readonly lastMessageFrom!: string | null;

  @Column('uuid', { name: 'last_public_message_id', nullable: true })
  readonly lastPublicMessageId!: string | null;

  @Column('integer', { name: 'reopen_count', default: 0 })
  readonly reopenCount!: number;

  @Column('uuid', { name: 'continued_in', nullable: true })
  readonly continuedIn!: string | null;

  @Column('smallint', { name: 'csat_rating', nullable: true })
  readonly csatRating!: number | null;

  @Column('text', { name: 'csat_comment', nullable: true })
  readonly csatComment!: string | null;

  @Column('text', { name: 'csat_status', default: 'none' })
  readonly csatStatus!: string;

  @Column('timestamptz', { name: 'csat_asked_at', nullable: true })
  readonly csatAskedAt!: Date | null;

  @Column('timestamptz', { name: 'csat_expires_at', nullable: true })
  readonly csatExpiresAt!: Date | null;

  @Column('timestamptz', { name: 'csat_rated_at', nullable: true })
  readonly csatRatedAt!: Date | null;

  @Column('timestamptz', { name: 'sla_first_reply_due_at', nullable: true })
  readonly slaFirstReplyDueAt!: Date | null;

  @Column('timestamptz', { name: 'sla_first_reply_warn_at', nullable: true })
  readonly slaFirstReplyWarnAt!: Date | null;

  @Column('text', { name: 'sla_first_reply_status', default: 'none' })
  readonly slaFirstReplyStatus!: string;

  @Column('timestamptz', { name: 'sla_resolve_due_at', nullable: true })
  readonly slaResolveDueAt!: Date | null;

  @Column('timestamptz', { name: 'sla_resolve_warn_at', nullable: true })
  readonly slaResolveWarnAt!: Date | null;

  @Column('text', { name: 'sla_resolve_status', default: 'none' })
  readonly slaResolveStatus!: string;

  @Column('timestamptz', { name: 'sla_due_at', nullable: true })
  readonly slaDueAt!: Date | null;

  @Column('timestamptz', { name: 'sla_next_at', nullable: true })
  readonly slaNextAt!: Date | null;

  @Column('timestamptz', { name: 'sla_settings_at', default: () => "'1970-01-01 00:00:00+00'" })
  readonly slaSettingsAt!: Date;

  @Column('timestamptz', { name: 'unanswered_told_for', nullable: true })
  readonly unansweredToldFor!: Date | null;

  @Column('integer', { name: 'message_count', default: 0 })
  readonly messageCount!: number;

  @Column('integer', { name: 'note_count', default: 0 })
  readonly noteCount!: number;

  @Column('integer', { name: 'event_seq', default: 0 })
  readonly eventSeq!: number;

  @Column('boolean', { name: 'is_test' })
  readonly isTest!: boolean;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  readonly updatedAt!: Date;

  @Column('integer', { default: 1 })
  readonly version!: number;
}
