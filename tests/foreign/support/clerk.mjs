// Somebody of the office: set-up, sign-in, and what they do at its pages in Chromium.

import { Authenticator } from './totp.mjs'

/** A passphrase of the office. */
const PASSPHRASE = 'four quiet herons over the weir'

export class Clerk {
  /**
   * Adds a user on the authority's machine.
   * @param {import('./authority.mjs').Authority} authority
   * @param {string} name @param {string[]} roles
   */
  static async add(authority, name, roles) {
    const clerk = new Clerk()
    const more = roles.flatMap((role) => ['--role', role])
    const made = await authority.run('user', 'add', name, ...more)
    Object.assign(clerk, { name, authority, code: made.set_up_code })
    return clerk
  }

  /** Somebody whom the demonstration names, with the code of the set-up. */
  static invited(authority, name, code) {
    return Object.assign(new Clerk(), { authority, name, code })
  }

  /** @param {import('./browser.mjs').Visitor} visitor @param {{ look?: boolean }} [options] */
  async setUp(visitor, options = {}) {
    const look = (name) => options.look && visitor.look(name)
    await visitor.goto(`${this.authority.office}/set-up`)
    await look('set-up')
    await visitor.fill('name', this.name)
    await visitor.fill('code', this.code)
    await visitor.press('main form button')
    await look('set-up-new')
    const secret = await visitor.page.locator('.mono').first().innerText()
    this.authenticator = new Authenticator(secret)
    await visitor.fill('passphrase', PASSPHRASE)
    await visitor.fill('again', PASSPHRASE)
    await visitor.fill('code', await this.authenticator.next())
    await visitor.press('main form button')
  }

  /** @param {import('./browser.mjs').Visitor} visitor @param {{ look?: boolean }} [options] */
  async signIn(visitor, options = {}) {
    await visitor.goto(`${this.authority.office}/sign-in`)
    if (options.look) await visitor.look('sign-in')
    await visitor.fill('name', this.name)
    await this.confirm(visitor)
    await visitor.press('main form[action="/sign-in"] button')
  }

  /** Says once more who it is. @param {import('./browser.mjs').Visitor} visitor */
  async confirm(visitor) {
    await visitor.fill('passphrase', PASSPHRASE)
    await visitor.fill('code', await this.authenticator.next())
  }
}
