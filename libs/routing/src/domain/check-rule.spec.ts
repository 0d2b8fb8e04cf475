import { checkAction, checkCondition, checkWholeRule, readAction, readCondition } from './check-rule';

const ID = '019AB6B0-33CC-7F5E-8A61-2C3D4E5F6071';
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `word_${index}`);

describe('a condition', () => {
  it.each([
    [{ channel: 'max' }],
    [{ subject_contains: 'refund' }],
    [{ text_contains: numbered(20) }],
    [{ text_contains: 'x'.repeat(200) }],
    [{ channel: 'virtual', subject_contains: [' order '], text_contains: 'возврат', ticket_type_id: ID }],
  ])('may be %j', (condition) => {
    expect(checkCondition(condition)).toBeNull();
  });

  it.each([
    ['text', 'type', undefined],
    [null, 'type', undefined],
    [[{ channel: 'max' }], 'type', undefined],
    [{}, 'min', undefined],
    [{ chanel: 'max' }, 'unknown_field', '.chanel'],
    [{ channel: 'max', priority: 'high' }, 'unknown_field', '.priority'],
    [{ toString: 'max' }, 'unknown_field', '.toString'],
    [{ channel: 'email' }, 'enum', '.channel'],
    [{ channel: ['max'] }, 'type', '.channel'],
    [{ channel: null }, 'type', '.channel'],
    [{ subject_contains: 5 }, 'type', '.subject_contains'],
    [{ subject_contains: '' }, 'required', '.subject_contains'],
    [{ subject_contains: '\u00a0' }, 'required', '.subject_contains'],
    [{ text_contains: [] }, 'min', '.text_contains'],
    [{ text_contains: numbered(21) }, 'max', '.text_contains'],
    [{ text_contains: ['refund', ' '] }, 'required', '.text_contains[1]'],
    [{ text_contains: ['refund', null] }, 'type', '.text_contains[1]'],
    [{ text_contains: [['refund']] }, 'type', '.text_contains[0]'],
    [{ text_contains: 'x'.repeat(201) }, 'max', '.text_contains'],
    [{ text_contains: 'a\u0000' }, 'forbidden_characters', '.text_contains'],
    [{ text_contains: 'a\ud800' }, 'forbidden_characters', '.text_contains'],
    [{ text_contains: 'two\nlines' }, 'forbidden_characters', '.text_contains'],
    [{ ticket_type_id: 'bug' }, 'format', '.ticket_type_id'],
    [{ ticket_type_id: [ID] }, 'type', '.ticket_type_id'],
  ])('may not be %j', (condition, code, path) => {
    const wrong = checkCondition(condition);
    expect([wrong?.code, wrong?.path]).toEqual([code, path]);
  });

  it('says what was probably meant, or else what there is', () => {
    expect(checkCondition({ text_contain: 'a' })?.message).toBe('is not known. Perhaps you mean text_contains');
    expect(checkCondition({ zzz: 'a' })?.message).toBe(
      'is not known. Known are: channel, subject_contains, text_contains, ticket_type_id',
    );
    expect(checkCondition({})?.message).toContain('channel, subject_contains, text_contains, ticket_type_id');
  });

  it('is read with its id in lower case, and otherwise as it is', () => {
    const condition = { ticket_type_id: ID, text_contains: [' Refund '] };
    expect(readCondition(condition)).toEqual({ ...condition, ticket_type_id: ID.toLowerCase() });
  });
});

describe('an action', () => {
  it.each([
    [{ assign_to: ID }],
    [{ set_priority: 'urgent' }],
    [{ add_tag: 'возврат_1' }],
    [{ assign_to: ID, set_priority: 'low', add_tag: numbered(20) }],
  ])('may be %j', (action) => {
    expect(checkAction(action)).toBeNull();
  });

  it.each([
    [{}, 'min', undefined],
    [[], 'type', undefined],
    [{ asign_to: ID }, 'unknown_field', '.asign_to'],
    [{ set_status: 'closed' }, 'unknown_field', '.set_status'],
    [{ assign_to: null }, 'type', '.assign_to'],
    [{ assign_to: 'olga' }, 'format', '.assign_to'],
    [{ set_priority: 'highest' }, 'enum', '.set_priority'],
    [{ add_tag: 'two words' }, 'format', '.add_tag'],
    [{ add_tag: '' }, 'length', '.add_tag'],
    [{ add_tag: [] }, 'min', '.add_tag'],
    [{ add_tag: numbered(21) }, 'max', '.add_tag'],
    [{ add_tag: ['vip', 'x'.repeat(65)] }, 'length', '.add_tag[1]'],
  ])('may not be %j', (action, code, path) => {
    const wrong = checkAction(action);
    expect([wrong?.code, wrong?.path]).toEqual([code, path]);
  });

  it('is read with its id in lower case', () => {
    expect(readAction({ assign_to: ID, add_tag: 'VIP' })).toEqual({ assign_to: ID.toLowerCase(), add_tag: 'VIP' });
  });
});

describe('a whole rule', () => {
  const RULE = { name: 'Refunds', condition: { channel: 'max' }, action: { add_tag: 'refund' } };

  it.each([[RULE], [{ ...RULE, order_index: -5, enabled: false }]])('may be %j', (rule) => {
    expect(checkWholeRule(rule)).toBeNull();
  });

  it.each([
    ['refund', 'type', undefined],
    [{ ...RULE, name: undefined }, 'type', '.name'],
    [{ condition: RULE.condition, action: RULE.action }, 'required', '.name'],
    [{ name: 'Refunds', action: RULE.action }, 'required', '.condition'],
    [{ name: 'Refunds', condition: RULE.condition }, 'required', '.action'],
    [{ ...RULE, name: ' ' }, 'required', '.name'],
    [{ ...RULE, name: 'x'.repeat(101) }, 'max', '.name'],
    [{ ...RULE, id: ID }, 'unknown_field', '.id'],
    [{ ...RULE, condition: {} }, 'min', '.condition'],
    [{ ...RULE, condition: { text_contains: [''] } }, 'required', '.condition.text_contains[0]'],
    [{ ...RULE, action: { set_priority: 'x' } }, 'enum', '.action.set_priority'],
    [{ ...RULE, order_index: 1.5 }, 'type', '.order_index'],
    [{ ...RULE, order_index: 1_000_001 }, 'max', '.order_index'],
    [{ ...RULE, enabled: 'yes' }, 'type', '.enabled'],
  ])('may not be %j', (rule, code, path) => {
    const wrong = checkWholeRule(rule);
    expect([wrong?.code, wrong?.path]).toEqual([code, path]);
  });
});
