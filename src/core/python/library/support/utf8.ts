/** UTF-8 bytes of `text`, one character a byte, as `Bytes` holds them. */
export function toUtf8(text: string): string {
  let out = '';
  for (const ch of text) {
    const code = ch.codePointAt(0) ?? 0;
    if (code < 0x80) out += ch;
    else {
      const extra = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
      const lead = [0xc0, 0xe0, 0xf0][extra - 1] ?? 0;
      out += String.fromCharCode(lead | (code >> (6 * extra)));
      for (let i = extra - 1; i >= 0; i--) out += String.fromCharCode(0x80 | ((code >> (6 * i)) & 0x3f));
    }
  }
  return out;
}

/** The text that UTF-8 bytes spell; bytes that spell nothing become U+FFFD. */
export function fromUtf8(bytes: string): string {
  let out = '';
  for (let i = 0; i < bytes.length; i++) {
    const lead = bytes.charCodeAt(i);
    const extra = lead < 0x80 ? 0 : lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : -1;
    let code = extra === 0 ? lead : lead & (0x3f >> extra);
    for (let k = 1; k <= extra; k++) code = (code << 6) | (bytes.charCodeAt(i + k) & 0x3f);
    const valid = extra >= 0 && i + extra < bytes.length && code <= 0x10ffff;
    out += valid ? String.fromCodePoint(code) : '\ufffd';
    if (valid) i += extra;
  }
  return out;
}
