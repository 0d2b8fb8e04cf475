import { fieldError } from '#contracts';
import { nearestName } from '#platform';

/** What a canned response can say of the ticket that it answers. */
export const CANNED_VARIABLES = [
  'first_name',
  'username',
  'ticket_number',
  'subject',
  'agent_name',
  'project_name',
] as const;
export type CannedVariable = (typeof CANNED_VARIABLES)[number];

/** The value of each variable; null where there is none. */
export type CannedValues = Readonly<Record<CannedVariable, string | number | null>>;

const PLACES = /\{\{([^{}]*)\}\}/g;

/** @throws {DomainError} `validation_failed` for `text` when it has a variable that does not exist; the nearest one is named. */
export function assertKnownVariables(text: string): void {
  for (const [place, inner = ''] of text.matchAll(PLACES)) {
    if (!isVariable(inner.trim())) {
      const meant = nearestName(inner.trim(), CANNED_VARIABLES);
      const hint = meant ? `Did you mean {{${meant}}}?` : `Known are: ${CANNED_VARIABLES.join(', ')}.`;
      throw fieldError('text', 'enum', `There is no variable ${place.slice(0, 64)}. ${hint}`);
    }
  }
}

/** The text with each variable replaced by its value, or by nothing where there is none. */
export function fillVariables(text: string, values: CannedValues): string {
  return text.replace(PLACES, (place, inner: string) => {
    const name = inner.trim();
    return isVariable(name) ? String(values[name] ?? '') : place;
  });
}

function isVariable(name: string): name is CannedVariable {
  return CANNED_VARIABLES.includes(name as CannedVariable);
}
