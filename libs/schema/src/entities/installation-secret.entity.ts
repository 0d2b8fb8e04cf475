import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A secret that the installation made for itself because its environment gave none. Owner: projects. */
@Entity('installation_secret')
export class InstallationSecretEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_installation_secret' })
  readonly name!: string;

  @Column('text')
  readonly value!: string;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt!: Date;
}
