import { assertKnownVariables, CANNED_VARIABLES, fillVariables } from './canned-variables';

const VALUES = {
  first_name: 'Анна',
  username: 'anna_k',
  ticket_number: 42,
  subject: null,
  agent_name: 'Olga',
  project_name: 'Shop',
};

describe('assertKnownVariables', () => {
  it.each([
    '',
    'No variables',
    CANNED_VARIABLES.map((name) => `{{${name}}}`).join(' '),
    '{{ first_name }}{{first_name}}',
    '{first_name} {{ }',
    'if (a) {{',
  ])('takes %j', (text) => {
    expect(() => assertKnownVariables(text)).not.toThrow();
  });

  it.each([
    ['{{frist_name}}', 'There is no variable {{frist_name}}. Did you mean {{first_name}}?'],
    ['{{First_Name}}', 'Did you mean {{first_name}}?'],
    ['{{ticketNumber}}', 'Did you mean {{ticket_number}}?'],
    ['Hello {{first_name}}, {{lang}}', 'There is no variable {{lang}}. Known are: first_name,'],
    ['{{subscriber_id}}', 'Known are:'],
    ['{{}}', 'There is no variable {{}}.'],
    ['{{constructor}}', 'There is no variable {{constructor}}.'],
    [`{{${'x'.repeat(500)}}}`, 'Known are:'],
  ])('refuses %j', (text, message) => {
    expect(() => assertKnownVariables(text)).toThrow(
      expect.objectContaining({
        code: 'validation_failed',
        message: expect.stringContaining(message),
        details: [expect.objectContaining({ field: 'text', code: 'enum' })],
      }),
    );
  });
});

describe('fillVariables', () => {
  it.each([
    ['Hello {{first_name}} (@{{username}}), ticket {{ticket_number}}', 'Hello Анна (@anna_k), ticket 42'],
    ['{{ agent_name }} of {{project_name}}{{project_name}}', 'Olga of ShopShop'],
    ['About "{{subject}}"', 'About ""'],
    ['{{{first_name}}}', '{Анна}'],
    ['{{ unknown }} stays', '{{ unknown }} stays'],
    ['', ''],
  ])('makes of %j: %j', (text, filled) => {
    expect(fillVariables(text, VALUES)).toBe(filled);
  });

  it('does not look into what it fills in', () => {
    const values = { ...VALUES, first_name: '{{agent_name}} $& $1' };
    expect(fillVariables('{{first_name}}', values)).toBe('{{agent_name}} $& $1');
  });
});
