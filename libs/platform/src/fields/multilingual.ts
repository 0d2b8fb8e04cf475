import { LANGUAGES } from '#contracts';
import type { Language, Multilingual as MultilingualText } from '#contracts';
import { declareField } from './declare-field';
import type { FieldOptions } from './declare-field';
import { fault } from './field-fault';
import type { FieldCheck } from './field-fault';
import { checkText } from './text-checks';
import type { TextBounds } from './text-checks';

const EXAMPLES: Readonly<Record<Language, string>> = {
  ru: 'Здравствуйте! Чем помочь?',
  en: 'Hello! How can we help?',
};

const NAMES: Readonly<Record<Language, string>> = { ru: 'Russian', en: 'English' };

/** The document's schema of a multilingual text with so many UTF-16 code units in each language. */
export function multilingualSchema({ max }: TextBounds) {
  const properties = LANGUAGES.map((language) => [
    language,
    {
      type: 'string',
      maxLength: max,
      description: `The text in ${NAMES[language]}.`,
      example: EXAMPLES[language],
    },
  ]);
  return {
    type: 'object' as const,
    properties: Object.fromEntries(properties) as Record<Language, object>,
    additionalProperties: false,
  };
}

/** A text in one language or in each, as a whole: what is left out or blank is not there, and without any text it counts as null. */
export function Multilingual(options: FieldOptions & TextBounds): PropertyDecorator {
  const schema = multilingualSchema(options);
  return declareField({ check: checkMultilingual(options), read: withoutBlanks, schema }, options);
}

function checkMultilingual(bounds: TextBounds): FieldCheck {
  const check = checkText(bounds);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return fault('type', `must be an object with the text in each language, such as ${JSON.stringify(EXAMPLES)}`);
    }
    for (const [language, text] of Object.entries(value)) {
      if (!LANGUAGES.includes(language as Language)) {
        return fault(
          'unknown_field',
          `is no language here. Known are: ${LANGUAGES.join(', ')}`,
          `.${shortened(language)}`,
        );
      }
      const wrong = check(text);
      if (wrong) {
        return { ...wrong, path: `.${language}` };
      }
    }
    return null;
  };
}

const shortened = (name: string): string => name.slice(0, 64);

function withoutBlanks(value: unknown): MultilingualText | null {
  const texts = Object.entries(value as MultilingualText).filter(([, text]) => text.trim() !== '');
  return texts.length > 0 ? (Object.fromEntries(texts) as MultilingualText) : null;
}
