// Time-based codes (RFC 6238), as an authenticator app makes them: SHA-1, six digits, 30 s.

import { createHmac } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** @param {string} text Base32, with or without blanks and padding */
function base32(text) {
  const bits = [...text.replace(/[\s=]/g, '').toUpperCase()]
    .map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const bytes = bits.match(/.{8}/g) ?? []
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)))
}

/**
 * The code of a time.
 * @param {string} secret Base32
 * @param {number} [milliseconds]
 */
export function totp(secret, milliseconds = Date.now()) {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(milliseconds / 30_000)))
  const digest = createHmac('sha1', base32(secret)).update(counter).digest()
  const offset = digest[19] & 15
  const number = (digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000
  return String(number).padStart(6, '0')
}

/** An authenticator app that shows no code twice: a server takes each once. */
export class Authenticator {
  #last = 0

  /** @param {string} secret Base32 */
  constructor(secret) {
    this.secret = secret
  }

  /**
   * The next code that was not shown yet. Servers take those of the half minutes before and after
   * too, since clocks differ; where all three were shown, this waits.
   */
  async next() {
    for (;;) {
      const now = Math.floor(Date.now() / 30_000)
      // A code of before must not become too old on its way.
      const isYoung = Date.now() % 30_000 < 20_000
      const step = Math.max(isYoung ? now - 1 : now, this.#last + 1)
      if (step <= now + 1) {
        this.#last = step
        return totp(this.secret, step * 30_000)
      }
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
}
