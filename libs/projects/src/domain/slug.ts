/** What a project's slug looks like; it is part of the project's support link. */
export const SLUG_PATTERN = /^[a-z0-9-]{2,40}$/;

const MAX_LENGTH = 40;

/** Names without a single letter that can be written in Latin. */
const FALLBACK = 'project';

/** Russian, Ukrainian and Belarusian letters after ICAO Doc 9303, as in passports. */
const CYRILLIC = new Map(
  (
    'а:a б:b в:v г:g ґ:g д:d е:e ё:e є:ie ж:zh з:z и:i і:i ї:i й:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ў:u ф:f ' +
    'х:kh ц:ts ч:ch ш:sh щ:shch ъ:ie ы:y ь: э:e ю:iu я:ia'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
);

/** Derives a slug from a project's name; always a valid one. */
export function slugOf(name: string): string {
  const latin = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/\p{Script=Cyrillic}/gu, (letter) => CYRILLIC.get(letter) ?? '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/ß/g, 'ss');
  const slug = trim(latin.replace(/[^a-z0-9]+/g, '-'));
  return slug.length >= 2 ? slug : FALLBACK;
}

/** The n-th choice when a derived slug is taken: `acme`, `acme-2`, `acme-3`, … */
export function numberedSlug(slug: string, n: number): string {
  const suffix = n === 1 ? '' : `-${n}`;
  return trim(slug.slice(0, MAX_LENGTH - suffix.length)) + suffix;
}

function trim(text: string): string {
  return text.replace(/^-+/, '').slice(0, MAX_LENGTH).replace(/-+$/, '');
}
