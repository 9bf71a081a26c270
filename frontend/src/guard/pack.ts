// The rule pack: everything the rules know, as the server's engine has it, see docs/guard.md.

import packed from "pack:rules";
import { unfronted } from "./squeezed";

type Words = readonly string[];
type Numbers = readonly number[];

/** What `frontend/pack.mjs` makes of `src/kefu/guard/pack/`: words folded, patterns translated. */
export interface Pack {
  /** Names of the roles; a cue's roles are bits in this order. */
  roles: Words;
  /** A line for cues of equal roles: a sign from "0" on for each role, |, the cues for `unfronted`.
   * One that ends in * may go on with letters. */
  cues: string;
  shapes: {
    link: {
      before: number;
      window: number;
      after: number;
      after_cost: number;
      after_loose_cost: number;
      after_bare_cost: number;
      break_cost: number;
      steps: number;
      clause: string;
      copula: string;
      told: string;
      told_gap: number;
      long_word: string;
      break: string;
      aside: string;
      proclitic: string;
      suffix: string;
      filler: string;
      filler_length: number;
    };
    card: {
      run: string;
      issuers: readonly (readonly [prefix: string, sizes: Numbers])[];
      layouts: readonly Numbers[];
      tries: number;
      touching_after: string;
      bare: Numbers;
      bare_prefix: string;
      dump: number;
      expiry: string;
      code: string;
      bare_code: string;
      own: string;
      own_size: number;
      near: number;
      after_card: number;
    };
    key: {
      word: string;
      wif: string;
      wif_versions: Numbers;
      extended: string;
      encrypted_wif: string;
      hex: string;
      base58: string;
      base58_seed: string;
      stellar: string;
      ripple: string;
      prefixed: Words;
      bytes: string;
      byte_counts: Numbers;
      pem_begin: string;
      pem_end: string;
      keystore_head: string;
      keystore_needs: Words;
      keystore_size: number;
      loose: number;
      loose_told: number;
      clause_before: number;
      it_was: string;
      named: string;
      grouped: string;
      grouped_reach: number;
      grouped_gap: number;
      signed: string;
      signed_near: number;
      place: string;
    };
    api: {
      prefixed: Words;
      jwt: string;
      bearer: string;
      otpauth: string;
      value: string;
      uuid: string;
      base32: string;
      follow: string;
      third: string;
      triple: string;
      near_id: number;
      near_pass: number;
      near_named: number;
      drawn: string;
    };
    otp: {
      counted: Readonly<Record<string, string>>;
      counted_stems: Words;
      counted_part: string;
      currency: string;
      counted_past: string;
      counted_reach: number;
      by_message: string;
      purpose: string;
      purpose_reach: number;
      spelled: string;
      spelled_gap: number;
      spelled_sizes: readonly number[];
      spelled_near: number;
      fleeting: string;
      fleeting_before: number;
      fleeting_after: number;
      shown: string;
      shown_near: number;
      unreal: string;
      number: string;
      letters: string;
      plain_letters: string;
      phone_before: string;
      log: string;
      told: number;
      told_after: number;
      then: string;
      refused: string;
      refused_after: number;
      sizes: Numbers;
      usual: number;
      before: number;
      security: string;
      near: {
        came: number;
        came_after: number;
        handset: number;
        error: number;
        error_after: number;
        strong: number;
        log: number;
        log_after: number;
        sent: number;
        alone: number;
        security: number;
        money: number;
      };
      money_before: string;
      loose: number;
      loose_short: number;
      message: number;
      dump: number;
      absent: number;
    };
    units: { words: Words };
    password: {
      native: string;
      native_never: string;
      native_unit: string;
      spoken: string;
      spoken_words: number;
      spoken_cue: string;
      birthday: string;
      old_before: string;
      back_quoted: number;
      token: string;
      ahead: number;
      tokens: number;
      loose: number;
      back: number;
      email: string;
      url: string;
      strip_left: string;
      strip_right: string;
      longest: number;
      strict: Words;
      never: Words;
      not_strict: Words;
      not_strict_case: Words;
      epoch: string;
      recent: string;
      changed: string;
      told: string;
      verbs: Words;
      quoted_value: string;
      weak_number: string;
      weak_word: string;
      stop: Words;
      copula_back: string;
      alone: string;
      mine_before: string;
      mine: string;
      surely: string;
      as_password: string;
      cased: string;
      quoted: string;
      combo: string;
      units: string;
      or: string;
      brief: string;
      short: string;
      chosen: string;
      latin: string;
      worded: string;
      lone: string;
      typed_before: number;
      pair: number;
      beside_login: string;
      foreign: string;
      entered: number;
      otherwise: string;
      names: Words;
      error_words: Words;
      verb_before: string;
      quoted_back: string;
      plain_verb: number;
      plain_verb_value: string;
      back_words: number;
    };
    implied: {
      strong: Words;
      never: string;
      model: string;
      date: string;
      tokens: number;
      back: number;
      ahead: number;
      near: number;
      beside: number;
      far: number;
      next: number;
      fair: string;
      most: number;
      other: number;
      told: number;
      into: string;
      onto: string;
      then: string;
      then_near: number;
      beside_onto: number;
    };
    answers: {
      yes: string;
      label: string;
      speaker: string;
      ends: string;
      question: string;
      lines: number;
      words: number;
      before_code: number;
    };
    mistyped: {
      roles: Words;
      shortest: readonly [alone: number, among: number];
      longest: number;
      pair: number;
      text: number;
      right: Words;
    };
    compound: { gap: string; widest: number };
    address: Words;
    iban: { shape: string; lengths: Readonly<Record<string, number>> };
    national: readonly {
      shape: string;
      check: string;
      cues: Words;
      needs_cue: boolean;
      needs?: string;
    }[];
  };
  words: {
    lists: Words;
    strict: Words;
    sizes: Numbers;
    usual_sizes: Numbers;
    checked_sizes: Numbers;
    cue_sizes: Numbers;
    share_sizes: Numbers;
    shortest: number;
    enough: number;
    long: number;
    alone: number;
    with_cue: number;
    one_unknown_in: number;
    regular: number;
    regular_strict: number;
    gap_length: number;
    prefix_share: number;
    common_share: number;
    common_most: number;
    near_cue_before: number;
    near_cue_after: number;
    labels: Words;
    and: Words;
    prose: Words;
    ordinals: Words;
    han_numerals: string;
    row: number;
    sample: number;
    frequent: number;
    frequent_alone: number;
    frequent_announced: number;
    longest_word: number;
  };
}

export const PACK = packed;

/** The bits of these roles together. More roles than a number's 32 bits: hence bigint. */
export function roles(...names: readonly string[]): bigint {
  let bits = 0n;
  for (const name of names) bits |= 1n << BigInt(PACK.roles.indexOf(name));
  return bits;
}

/** The bits of all roles. */
export const ANY = roles(...PACK.roles);

/** The cues in no order, their roles as bits. */
export const CUES = PACK.cues.split("\n").flatMap((line) => {
  const [places = "", cues = ""] = line.split("|", 2);
  let bits = 0n;
  for (const sign of places) bits |= 1n << BigInt(sign.charCodeAt(0) - 48);
  return unfronted(cues).map((written) => ({ written, roles: bits }));
});

/** The names of the roles that say whose identity number a number is. */
export const IDENTITIES = PACK.roles.filter((role) => role.startsWith("id_"));
