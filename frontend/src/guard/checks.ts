// Check digits and checksums.

import { sha256 } from "./sha256";

export const BITCOIN = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
export const RIPPLE = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const DNI = "TRWAGMYFPDXBNJZSQVHLCKE";

/** Return whether the last digit is the Luhn check digit of the others. */
export function luhn(digits: string): boolean {
  let total = 0;
  for (let at = digits.length - 1, doubled = false; at >= 0; at -= 1, doubled = !doubled) {
    const digit = Number(digits[at]) * (doubled ? 2 : 1);
    total += digit > 9 ? digit - 9 : digit;
  }
  return total % 10 === 0;
}

/** Return the bytes that word spells, or null if its checksum is wrong. */
export function base58check(word: string, alphabet = BITCOIN): Uint8Array | null {
  let number = 0n;
  for (const character of word) {
    const value = alphabet.indexOf(character);
    if (value < 0) return null;
    number = number * 58n + BigInt(value);
  }
  let zeros = 0;
  while (word[zeros] === alphabet[0]) zeros += 1;
  const hex = number.toString(16);
  const raw = bytesOf(number, zeros + (number ? Math.ceil(hex.length / 2) : 0));
  const payload = raw.slice(0, -4);
  const check = raw.slice(-4);
  if (payload.length === 0) return null;
  const sum = sha256(sha256(payload));
  return check.every((byte, at) => byte === sum[at]) ? payload : null;
}

/** Return whether word, 56 base32 letters, carries its CRC-16. */
export function stellar(word: string): boolean {
  let value = 0n;
  for (const character of word) value = value * 32n + BigInt(BASE32.indexOf(character));
  const raw = bytesOf(value, 35);
  let crc = 0;
  for (const byte of raw.slice(0, -2)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
    }
  }
  return raw[33] === (crc & 0xff) && raw[34] === crc >> 8;
}

/** Return a number as `size` bytes, the highest first. */
function bytesOf(number: bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = size - 1; at >= 0; at -= 1, number >>= 8n) bytes[at] = Number(number & 255n);
  return bytes;
}

/** Return whether the places of a phrase's words on their list carry its checksum. */
export function bip39(numbers: readonly number[]): boolean {
  let value = 0n;
  for (const number of numbers) value = (value << 11n) | BigInt(number);
  const check = Math.floor((numbers.length * 11) / 33);
  const digest = sha256(bytesOf(value >> BigInt(check), check * 4));
  return (digest[0] ?? 0) >> (8 - check) === Number(value & ((1n << BigInt(check)) - 1n));
}

/** Return the ISO 7064 remainder of an IBAN already turned to begin with its account. */
export function mod97(text: string): number {
  let rest = 0;
  for (const character of text) {
    const value = parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

/** Return whether text passes the check of this name; text holds digits and letters only. */
export function national(name: string, text: string): boolean {
  return NATIONAL[name]?.(text) ?? false;
}

function weighted(digits: string, weights: readonly number[]): number {
  let total = 0;
  for (let at = 0; at < digits.length && at < weights.length; at += 1) {
    total += Number(digits[at]) * (weights[at] ?? 0);
  }
  return total;
}

function down(from: number, to: number): number[] {
  return Array.from({ length: from - to + 1 }, (_, at) => from - at);
}

function within(low: number, digits: string, high: number): boolean {
  return low <= Number(digits) && Number(digits) <= high;
}

function isDate(year: string, month: string, day: string): boolean {
  return within(1900, year, 2030) && within(1, month, 12) && within(1, day, 31);
}

function cn(text: string): boolean {
  if (!within(1, text.slice(0, 1), 8)) return false;
  if (!isDate(text.slice(6, 10), text.slice(10, 12), text.slice(12, 14))) return false;
  const total = weighted(text.slice(0, 17), [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
  return "10X98765432"[total % 11] === text[17];
}

function br(text: string): boolean {
  if (new Set(text).size === 1) return false;
  const one = ((weighted(text.slice(0, 9), down(10, 2)) * 10) % 11) % 10;
  const two = ((weighted(text.slice(0, 10), down(11, 2)) * 10) % 11) % 10;
  return text.slice(9) === `${one}${two}`;
}

function nif(text: string): boolean {
  const rest = weighted(text.slice(0, 8), down(9, 2)) % 11;
  return Number(text[8]) === (rest < 2 ? 0 : 11 - rest);
}

function kr(text: string): boolean {
  const isBorn = isDate(`19${text.slice(0, 2)}`, text.slice(2, 4), text.slice(4, 6));
  return isBorn && within(1, text.slice(6, 7), 8);
}

function us(text: string): boolean {
  return !/^(?:000|666)|^...00|0000$/.test(text);
}

function inn(text: string): boolean {
  const tail = [2, 4, 10, 3, 5, 9, 4, 6, 8];
  if (text.length === 10) return (weighted(text, tail) % 11) % 10 === Number(text[9]);
  const one = (weighted(text, [7, ...tail]) % 11) % 10;
  const two = (weighted(text, [3, 7, ...tail]) % 11) % 10;
  return text.slice(10) === `${one}${two}`;
}

function snils(text: string): boolean {
  return (weighted(text, down(9, 1)) % 101) % 100 === Number(text.slice(9));
}

function dni(text: string): boolean {
  const number = text.slice(0, -1).replace(/X/g, "0").replace(/Y/g, "1").replace(/Z/g, "2");
  return DNI[Number(number) % 23] === text.at(-1);
}

function nir(text: string): boolean {
  const number = text.slice(0, 13).replace(/2A/g, "19").replace(/2B/g, "18");
  return 97 - (Number(number) % 97) === Number(text.slice(13)) && within(1, text.slice(3, 5), 42);
}

function tr(text: string): boolean {
  const digits = [...text].map(Number);
  const first = digits.slice(0, 9);
  const odd = sum(first.filter((_, at) => at % 2 === 0));
  const even = sum(first.filter((_, at) => at % 2 === 1 && at < 8));
  const ten = (((odd * 7 - even) % 10) + 10) % 10;
  return digits[0] !== 0 && digits[9] === ten && digits[10] === sum(digits.slice(0, 10)) % 10;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => one + other, 0);
}

function jp(text: string): boolean {
  const rest = weighted(text, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return Number(text[11]) === (rest <= 1 ? 0 : 11 - rest);
}

function id(text: string): boolean {
  const day = Number(text.slice(6, 8)) % 40;
  return 1 <= day && day <= 31 && within(1, text.slice(8, 10), 12);
}

function tw(text: string): boolean {
  const letter = "ABCDEFGHJKLMNPQRSTUVXYWZIO".indexOf(text[0] ?? "") + 10;
  const total =
    Math.floor(letter / 10) + (letter % 10) * 9 + weighted(text.slice(1, 9), down(8, 1));
  return (total + Number(text[9])) % 10 === 0;
}

const NATIONAL: Readonly<Record<string, (text: string) => boolean>> = {
  ...{ cn, br, nif, kr, us, inn, snils, dni, nir, tr, jp, id, tw },
  none: () => true,
};
