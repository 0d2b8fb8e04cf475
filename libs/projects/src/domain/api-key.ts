import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_LENGTH = 30;
const CHECKSUM_LENGTH = 6;
const DISPLAY_LENGTH = 12;

/** What an API key looks like; published for scanners of leaked secrets. */
export const API_KEY_PATTERN = /zn_(live|test)_[0-9A-Za-z]{36}/;

const WHOLE_KEY = new RegExp(`^${API_KEY_PATTERN.source}$`);

/** Makes a key: prefix, 30 random base62 characters (178 bits), and a checksum that tells a mistyped key from a real one. */
export function makeApiKey(side: 'live' | 'test'): string {
  const random = Array.from({ length: RANDOM_LENGTH }, () => DIGITS[randomInt(DIGITS.length)]).join('');
  const body = `zn_${side}_${random}`;
  return body + checksumOf(body);
}

/** Whether the text has a key's form and its checksum is right. Says nothing about whether the key was ever issued. */
export function isWellFormedApiKey(text: string): boolean {
  return WHOLE_KEY.test(text) && text.slice(-CHECKSUM_LENGTH) === checksumOf(text.slice(0, -CHECKSUM_LENGTH));
}

/** Whether the text is a key of a test side, if it is one at all. */
export function isTestKey(text: string): boolean {
  return text.startsWith('zn_test_');
}

/** The part of a key that may be shown and logged: enough for people to tell their keys apart. */
export function displayPrefixOf(key: string): string {
  return key.slice(0, DISPLAY_LENGTH);
}

/** CRC-32 (ISO 3309, as in gzip) as six base62 digits, most significant first. */
function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    digits = DIGITS.charAt(rest % DIGITS.length) + digits;
    rest = Math.floor(rest / DIGITS.length);
  }
  return digits;
}
