/** Languages of the texts to customers. */
export const LANGUAGES = ['ru', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A text in one language or in each. */
export type Multilingual = Readonly<Partial<Record<Language, string>>>;
