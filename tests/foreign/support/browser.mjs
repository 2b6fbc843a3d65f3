// Debian's Chromium, watched: what goes wrong in a page fails the test that opened it.

import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { RESULTS } from './program.mjs'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** WCAG 2.2 AA and all that it stands on. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** Chromium asks hosts of its maker at each start; nothing of that may leave the machine. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--force-prefers-reduced-motion',
]

/** The widths and moods in which pages are looked at. */
const LOOKS = [
  { name: '360-light', width: 360, colorScheme: 'light' },
  { name: '360-dark', width: 360, colorScheme: 'dark' },
  { name: '1280-light', width: 1280, colorScheme: 'light' },
  { name: '1280-dark', width: 1280, colorScheme: 'dark' },
]

/** A browser, for the tests of one file. @param {string[]} [more] further switches */
export async function launch(more = []) {
  return chromium.launch({
    executablePath: process.env.VIDIMUS_CHROMIUM ?? '/usr/bin/chromium',
    chromiumSandbox: process.getuid() !== 0,
    args: [...QUIET, ...more],
  })
}

/** One visitor's browser: its cookies, and a watch on what its pages do. */
export class Visitor {
  /**
   * What went wrong in pages: errors, refusals of the content security policy, other hosts, rules
   * of accessibility, and what is wider than the window.
   */
  faults = []
  /** Addresses of all requests. */
  requests = []
  /** Every click, and every field that was filled, by its name. */
  taps = []
  #pictures = new Set()

  /**
   * @param {import('playwright-core').Browser} browser
   * @param {{ origins: (string | RegExp)[], suite: string, language?: string, javaScript?: boolean,
   *   colorScheme?: 'light' | 'dark', width?: number }} options `origins`: hosts that may be asked
   */
  static async open(browser, options) {
    const visitor = new Visitor()
    visitor.options = options
    visitor.context = await browser.newContext({
      locale: options.language ?? 'en',
      javaScriptEnabled: options.javaScript ?? true,
      colorScheme: options.colorScheme ?? 'light',
      viewport: { width: options.width ?? 360, height: 740 },
    })
    visitor.page = await visitor.context.newPage()
    visitor.#watch()
    return visitor
  }

  #watch() {
    const { page, faults } = this
    page.on('console', (said) => {
      if (['error', 'warning'].includes(said.type())) {
        faults.push(`console: ${said.text()} (${said.location().url})`)
      }
    })
    page.on('pageerror', (error) => faults.push(`script: ${error.message}`))
    page.on('request', (request) => {
      const url = new URL(request.url())
      this.requests.push({ url: request.url(), headers: request.headers() })
      const isKnown = this.options.origins.some((known) =>
        known instanceof RegExp ? known.test(url.origin) : known === url.origin,
      )
      if (!isKnown && url.protocol !== 'data:') {
        faults.push(`asked another host: ${url.origin}`)
      }
    })
  }

  /** Fails where a page did wrong. */
  assertQuiet() {
    assert.deepEqual(this.faults, [])
  }

  /** @param {string} url */
  async goto(url) {
    return this.page.goto(url)
  }

  /** Fills a field, which is a tap. @param {string} name @param {string} value */
  async fill(name, value) {
    this.taps.push(name)
    await this.page.locator(`[name="${name}"]:not([type="hidden"])`).first().fill(value)
  }

  /** Presses a button or link by its text or selector, which is a tap. */
  async press(selector) {
    this.taps.push('press')
    await this.page.locator(selector).first().click()
  }

  /**
   * Looks at the page: rules of accessibility, and pictures in each look, under a name once.
   * @param {string} name
   */
  async look(name) {
    const title = `${name}${this.options.language ? `-${this.options.language}` : ''}`
    if (this.#pictures.has(title)) return
    this.#pictures.add(title)
    const folder = join(RESULTS, 'pictures', this.options.suite)
    await mkdir(folder, { recursive: true })
    for (const { name: look, width, colorScheme } of LOOKS) {
      await this.page.setViewportSize({ width, height: 740 })
      await this.page.emulateMedia({ colorScheme })
      await this.page.screenshot({ path: join(folder, `${title}-${look}.png`), fullPage: true })
      if (this.options.javaScript !== false) await this.#accessible(`${title} ${look}`)
      await this.#fits(`${title} ${look}`, width)
    }
    await this.page.setViewportSize({ width: this.options.width ?? 360, height: 740 })
    await this.page.emulateMedia({ colorScheme: this.options.colorScheme ?? 'light' })
  }

  async #fits(what, width) {
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth)
    if (wide > width) this.faults.push(`${what}: ${wide} px wide`)
  }

  async #accessible(what) {
    // Evaluated by the debugger, which no content security policy concerns.
    await this.page.evaluate(await readFile(AXE, 'utf8'))
    const { violations } = await this.page.evaluate(
      (tags) => globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags } }),
      RULES,
    )
    for (const { id, help, nodes } of violations) {
      const where = nodes.map((node) => node.html).join(' | ')
      this.faults.push(`${what}: ${id}: ${help}: ${where}`)
    }
  }

  async close() {
    await this.context.close()
  }
}
