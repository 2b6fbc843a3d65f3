// A driver with an account: what they type at the pages, with the plainest browser or Chromium.

import { Authenticator } from './totp.mjs'
import { forms, Person } from './person.mjs'

/** A passphrase that only one person would put together. */
export const PASSPHRASE = 'seven green bicycles underwater'

/** Paths of the pages' forms, below `/sign-in/`, and which page each tells. */
const PAGES = ['consent', 'code', 'new-code', 'new-passphrase', 'letter', 'passphrase', 'number']

/** Which page of the sign-in this is. @param {string} html */
export function pageOf(html) {
  const actions = forms(html).map((form) => form.action.replace(/^.*\/sign-in\//, ''))
  return PAGES.find((page) => actions.includes(page))
}

/** The secret of one-time codes that a page shows. @param {string} html */
export function secretIn(html) {
  const found = html.match(/<code class="key"[^>]*>([^<]+)</)
  if (!found) throw new Error(`no key in:\n${html}`)
  return found[1]
}

export class Driver {
  /** @type {Authenticator | undefined} */
  authenticator
  passphrase = PASSPHRASE

  /**
   * Registers a driver, and writes them a letter.
   * @param {import('./authority.mjs').Authority} authority
   * @param {object} [fields] @param {string[]} [more]
   */
  static async register(authority, fields, more) {
    const driver = new Driver()
    Object.assign(driver, await authority.register(fields, more))
    driver.authority = authority
    await driver.askForLetter()
    return driver
  }

  /** Somebody whom the demonstration names, with number and letter. */
  static invited({ number, letter }) {
    return Object.assign(new Driver(), { number, letter })
  }

  async askForLetter() {
    const letter = await this.authority.run('letter', this.number)
    this.letter = letter.code
  }

  /** What is typed at a page, and with which button. */
  async #typed(page, html) {
    switch (page) {
      case 'number':
        return { number: this.number }
      case 'letter':
        return { code: this.letter }
      case 'new-passphrase':
        return { passphrase: this.passphrase, again: this.passphrase }
      case 'new-code':
        this.authenticator = new Authenticator(secretIn(html))
        return { code: await this.authenticator.next() }
      case 'passphrase':
        return { passphrase: this.passphrase }
      case 'code':
        return { code: await this.authenticator.next() }
      case 'consent':
        return {}
      default:
        throw new Error(`no page of the sign-in:\n${html}`)
    }
  }

  /**
   * Goes the whole way with the plainest browser, to the address that leads back to the app.
   * @param {string} url
   * @param {{ person?: Person, upTo?: string, phone?: string }} [options] `upTo`: stop at this page
   * @returns {Promise<string>}
   */
  async signIn(url, options = {}) {
    const person = options.person ?? new Person()
    let answer = await person.open(url)
    for (let steps = 0; answer.left === undefined; steps += 1) {
      if (answer.status !== 200 || steps > 8) {
        throw new Error(`${answer.status} at ${answer.url}:\n${answer.html}`)
      }
      const page = pageOf(answer.html)
      if (page === options.upTo) return answer.url
      // Without an account there is a letter, which is asked for at the passphrase's page.
      if (page === 'passphrase' && !this.authenticator) {
        answer = await person.open(new URL(letterLink(answer.html), answer.url).href)
        continue
      }
      const typed = await this.#typed(page, answer.html)
      if (page === 'consent' && options.phone) typed.phone = options.phone
      answer = await person.submit(typed, { page })
    }
    return answer.left
  }

  /**
   * The same in Chromium, with every page looked at; ends at the page that Chromium shows then.
   * @param {import('./browser.mjs').Visitor} visitor
   * @param {string} url
   * @param {{ look?: boolean, upTo?: string }} [options]
   */
  async signInWith(visitor, url, options = {}) {
    await visitor.goto(url)
    for (let steps = 0; steps < 9; steps += 1) {
      const html = await visitor.page.content()
      const page = pageOf(html)
      if (page === undefined || page === options.upTo) return
      if (options.look) await visitor.look(page)
      if (page === 'passphrase' && !this.authenticator) {
        await visitor.press('a[href$="/sign-in/letter"]')
        continue
      }
      for (const [name, value] of Object.entries(await this.#typed(page, html))) {
        await visitor.fill(name, value)
      }
      await visitor.press(`form[action$="/sign-in/${page}"] button`)
    }
    throw new Error(`the sign-in does not end: ${visitor.page.url()}`)
  }
}

/** @param {string} html */
function letterLink(html) {
  return html.match(/href="([^"]*\/sign-in\/letter)"/)?.[1] ?? '/sign-in/letter'
}
