import { foldText } from './fold-text';

describe('texts are the same', () => {
  it.each([
    ['case', 'Refund', 'rEFUND'],
    ['Cyrillic case', 'ВОЗВРАТ Ёлка', 'возврат ёлка'],
    ['sharp s', 'Straße', 'STRASSE'],
    ['capital sharp s', 'STRAẞE', 'strasse'],
    ['Turkish capital İ', 'İade', 'iade'],
    ['Turkish capital İ in two signs', 'I\u0307ade', 'iade'],
    ['a mark on a Turkish İ', 'İ\u0301', 'í'],
    ['Turkish small ı', 'ısı', 'ISI'],
    ['final sigma', 'ΟΔΟΣ', 'οδος'],
    ['final sigma elsewhere', 'οδοσ', 'οδος'],
    ['a mark beside its letter', 'cafe\u0301', 'café'],
    ['й in two signs', 'и\u0306од', 'ЙОД'],
    ['ligature', 'ﬁle', 'FILE'],
    ['full width', 'ＲＥＦＵＮＤ１', 'refund1'],
    ['circled digit', '①', '1'],
    ['no-break space', 'a\u00a0b', 'a b'],
    ['Hangul in parts', '\u1112\u1161\u11ab', '한'],
  ])('but for %s', (_name, one, other) => {
    expect(foldText(one)).toBe(foldText(other));
  });
});

describe('texts differ', () => {
  it.each([
    ['by marks', 'e', 'é'],
    ['by the dots of ё', 'ее', 'её'],
    ['by letters of another alphabet', 'a', 'а'],
    ['by spaces', 'a b', 'ab'],
  ])('%s', (_name, one, other) => {
    expect(foldText(one)).not.toBe(foldText(other));
  });
});

it('is the same for every character when it is done twice, and for its other cases and its parts', () => {
  const faults: string[] = [];
  for (let code = 0; code < 0x3_0000; code++) {
    const character = String.fromCodePoint(code);
    const folded = foldText(character);
    const others = [folded, character.toUpperCase(), character.normalize('NFD')];
    if (character.isWellFormed() && others.some((other) => foldText(other) !== folded)) {
      faults.push(code.toString(16));
    }
  }
  expect(faults).toEqual([]);
});
