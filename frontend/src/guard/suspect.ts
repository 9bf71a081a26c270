// A glance at a text, small enough for the chat itself: does it call for the guard's engine?
//
// Plain talk has no three digits, no long word, nothing that looks like a chosen value, and no
// row of words without one that no recovery phrase can hold. A test holds it to the engine.

const HIDDEN = /[\p{M}\p{Cf}\u115f\u1160\u3164\uffa0]/gu;
const MIXED = /[a-z][\u0370-\u052f]|[\u0370-\u052f][a-z]/;
const NUMBER = /\p{N}[^]*\p{N}[^]*\p{N}|\p{L}\p{N}|\p{N}\p{L}/u;
const LONG = /[\dA-Za-z+/=_-]{16}|(?:[A-Z]{4}[ -]){3}|[\u3041-\u30ff]{24}|[\uac00-\ud7a3]{20}/;
const SHAPE = /-{3}|[@{]|xox|eyj|otpauth/;
const QUOTE = "\"“”„‟«»「」『』〝〞《》〈〉";
const TICK = "'`‘’‚‛ʼ´′";
// A value without a digit: quoted, alone behind a colon, in mixed case, Latin behind other letters.
const VALUE = new RegExp(
  `(?:[${QUOTE}]|(?<![A-Za-z])[${TICK}])[^${QUOTE}${TICK}\\n]{4,64}[${QUOTE}${TICK}]` +
    "|[:=>][^\\p{L}\\p{N}]{0,40}[\\w.-]{4,}[^\\w\\s,;)]{0,4}(?:$|[\\n,;)]|\\.\\s)" +
    "|(?<![A-Za-z])(?=[A-Za-z]{8})[A-Za-z]{0,40}(?:[a-z][A-Z]|[A-Z]{2}[a-z])" +
    "|(?:[\\u0400-\\u1dff\\u3041-\\uffff]|[^\\0-\\x7f][^\\n]{0,40}:)[\"' ]{0,9}" +
    "[A-Za-z][a-z]{4}",
  "u",
);
// Six numbers in words, by how those begin in any language, or four in Chinese or Korean signs.
const SPELLED =
  /(?:(?<!\p{L})(?:al|[bsz][aeiı]|bo|c[ehiu]|d[eou]|e[imn]|f[io]|h[au]|ik|k[ho]|l[ai]|m[eo]|n|o[chin]|q|t[ahiruw]|u[cmn]|y|[вднопстчш]|[اثوخزستص])\p{L}{0,8}[ ,.-]{1,2}){5}\p{L}|(?:[零〇一二三四五六七八九幺洞공영일이삼사오육륙칠팔구][ ,、-]?){4}/u;
// A long word without a digit, where a password is spoken of.
const NAMED = /p[aw]s?s|pwd|senha|clave|contrase|mdp|парол|mat khau|(?<!\p{L})mk|sifre|parola|sandi|مرور|سر/u;
const LETTERS = /(?<!\p{L})(?!contrase|authentic)[a-z]{9}/u;
const LATIN_FIRST = /(?<![a-z])[a-z]{8}[^]{0,80}(?:密[码碼]|비번|비밀번|ハスワ)/;
// A passphrase of several words.
const SPOKEN = /(?:[:=]|phras|fra[sz]|фраз)[^\n]{0,64} \p{N}/u;
const WORD = /\p{L}+/gu;
const KNOWN =
  /^(?:[a-z]{2,}|[wpm]|[\u3041-\u30ff]+|[\uac00-\ud7a3]+|[第一二三四五六七八九十]*[\u3400-\u9fff][词詞字目語]?|слово|сл|(?:ال)?كلمه)$/;
const LABEL = /^(?:br|li|ol|ul|no|nr|st|nd|rd|th)$/;
const ROW = 8;
const PART = 5; // of a phrase still being written: fewer words give nothing away

// Words that no phrase holds, then those of which it can hold one as a mistyped word.
const NEVER = words(
  "the and for are was not but has had his her our its from with which would could did get my is to of in on it de la el que los las les des est une por con che di il da do",
);
const SELDOM = words(
  "thanks deposited withdrawal pending arrived completed transaction wallet password usdt app days hours missing how why your login kyc cannot who cuenta desde cuando muy nada gracias hola conta nao uma compte pas mon saya tidak sudah belum yang akun toi khong",
);

const HAN = /[\u3400-\u9fff](?:[ ,.、/|-]{0,2}[\u3400-\u9fff]){11,}/g;
const PHRASE =
  /seed|phrase|mnemo|recover|words?\b|key|priv|paper|[词詞助私秘诀訣鑰]|密[钥匙语語]|短[语語]|[单單个個]字|[纸紙]上|抄下|写着|寫著|上面是|写的是/;
const SIZES = [12, 15, 18, 21, 24];
// Of the first 512 characters of the Chinese lists, of which a phrase has few.
const COMMON = words(
  "的一了不在是有到没我个提这请么为什时能要后来过收发们会就从对还用中行现问题都多好提示成转入看说进知道给被手自己",
);

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(list.includes(" ") ? " " : ""));
}

/** Return whether text may hold a secret: true for all that the engine would find something in. */
export function mayHoldSecret(text: string): boolean {
  const plain = bare(text);
  const low = plain.toLowerCase();
  return (
    NUMBER.test(plain) ||
    LONG.test(plain) ||
    SHAPE.test(low) ||
    MIXED.test(low) ||
    SPELLED.test(low) ||
    SPOKEN.test(low) ||
    (NAMED.test(low) && LETTERS.test(low)) ||
    LATIN_FIRST.test(low) ||
    VALUE.test(plain) ||
    (plain.match(/[!-~]{6,}/g) ?? []).some(isSigned) ||
    hasRow(low, ROW) ||
    mayBeChinese(low)
  );
}

/** Return whether text may hold the beginning of a phrase, too short to be found. */
export function mayBeginPhrase(text: string): boolean {
  const low = bare(text).toLowerCase();
  const last = (low.match(WORD) ?? []).slice(-PART - 1); // the very last may be half a word
  return hasRow(low, ROW - 1) || hasRow(last.join(" "), PART);
}

function bare(text: string): string {
  return text.normalize("NFKD").replace(HIDDEN, "").normalize("NFC");
}

/** Return whether signs or digits stand in a word, or dots and dashes between its letters. */
function isSigned(token: string): boolean {
  if (/[0-9]/.test(token)) return true;
  const isWord = /[A-Za-z]/.test(token) && !/^[A-Za-z]+[!?.=]+$/.test(token);
  if (!isWord) return false;
  return (
    /[!@#$%^&*+=~?][!-~]/.test(token) ||
    /[A-Za-z]{3}[_.@-][A-Za-z]{3}/.test(token) ||
    (/[_.-]/.test(token) && /[a-z]/.test(token) && /[A-Z]/.test(token))
  );
}

/** Return whether this many words that a phrase can hold follow one another. */
function hasRow(low: string, length: number): boolean {
  let row = 0;
  let sinceSeldom = 0;
  return (low.match(WORD) ?? []).some((word) => {
    if (LABEL.test(word)) return false;
    if (NEVER.has(word) || !KNOWN.test(word)) row = sinceSeldom = 0;
    else {
      row += 1;
      sinceSeldom += 1;
      if (SELDOM.has(word) || /^[a-z]{2}$/.test(word)) [row, sinceSeldom] = [sinceSeldom, 0];
    }
    return row >= length;
  });
}

/** Return whether Chinese characters written together can be a phrase. */
function mayBeChinese(low: string): boolean {
  return [...low.matchAll(HAN)].some((match) => {
    if (PHRASE.test(low)) return true;
    const own = [...match[0].replace(/[^\u3400-\u9fff]/g, "")];
    const common = own.filter((sign) => COMMON.has(sign)).length;
    if (!SIZES.includes(own.length) || common > 0.42 * own.length) return false;
    const [before, after] = [low.slice(0, match.index), low.slice(match.index + match[0].length)];
    return /(?:^|[\n:])[ "']*$/.test(before) && /^[ "'。]*(?:$|\n)/.test(after);
  });
}
