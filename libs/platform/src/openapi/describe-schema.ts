import { ApiSchema } from '@nestjs/swagger';

/** What the API document says of a class as a whole. */
export interface SchemaDescription {
  readonly description: string;
  /** A whole object; without it the examples of the fields make one. */
  readonly example?: object;
}

/** Describes a DTO as a whole, beside its fields. */
export function DescribeSchema(schema: SchemaDescription): ClassDecorator {
  return ApiSchema(schema);
}
