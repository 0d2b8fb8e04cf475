import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { ProjectEntity } from './project.entity';

/** What happens by itself to new tickets of a kind. Owner: routing. */
@Entity('routing_rule')
@ForeignKey(() => ProjectEntity, ['projectId'], ['id'], { name: 'fk_routing_rule_project' })
@Index('ix_routing_rule_order', ['projectId', 'orderIndex', 'createdAt', 'id'], { where: 'deleted_at IS NULL' })
@Check('ck_routing_rule_condition', "jsonb_typeof(condition) = 'object' AND condition <> '{}'")
@Check('ck_routing_rule_action', "jsonb_typeof(action) = 'object' AND action <> '{}'")
export class RoutingRuleEntity {
  @PrimaryColumn('uuid', { name: 'project_id', primaryKeyConstraintName: 'pk_routing_rule' })
  readonly projectId!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_routing_rule' })
  readonly id!: string;

  @Column('text')
  readonly name!: string;

  @Column('jsonb')
  readonly condition!: object;

  @Column('jsonb')
  readonly action!: object;

  @Column('integer', { name: 'order_index', default: 0 })
  readonly orderIndex!: number;

  @Column('boolean', { default: true })
  readonly enabled!: boolean;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  readonly updatedAt!: Date;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  readonly deletedAt!: Date | null;
}
