/** Capital I with a dot, which is what upper case makes of the small i of some, with any further dots. */
const DOTTED_I = /\u0130\u0307*/g;

/**
 * The form in which texts are compared: compatible characters are one (NFKC: full width, ligatures, composed and decomposed
 * marks), and case does not count. The form is upper case, made of lower case, for neither is one to one: ß and SS are the same, σ and
 * ς too, which differ by their place in the word alone, and so are all of i, I, İ and ı, which languages pair differently. Marks count
 * otherwise: е is not ё, and e is not é.
 */
export function foldText(text: string): string {
  const upper = text.normalize('NFKC').toLowerCase().toUpperCase().normalize('NFKC');
  return upper.includes('\u0130') ? upper.replace(DOTTED_I, 'I').normalize('NFKC') : upper;
}
