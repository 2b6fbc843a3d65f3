// Somebody with the plainest of browsers: cookies, links and forms, and nothing else.

/** @param {string} text */
const unescaped = (text) =>
  text
    .replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, decimal) => String.fromCodePoint(Number(decimal)))
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')

/** The attributes of a tag. @param {string} tag */
function attributes(tag) {
  const found = {}
  const inside = tag.replace(/^<\w+/, '').replace(/\/?>$/, '')
  for (const [, name, , , double, single, bare] of inside.matchAll(
    /([\w-]+)(=("([^"]*)"|'([^']*)'|([^\s>]+)))?/g,
  )) {
    found[name.toLowerCase()] = unescaped(double ?? single ?? bare ?? '')
  }
  return found
}

/** The forms of a page, each with what it would send unchanged. @param {string} html */
export function forms(html) {
  return [...html.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/gi)].map(([text]) => {
    const form = attributes(text.match(/^<form\b[^>]*>/i)[0])
    const inputs = [...text.matchAll(/<(input|button|select|textarea)\b[^>]*>/gi)].map(
      ([tag, kind]) => ({ kind: kind.toLowerCase(), ...attributes(tag) }),
    )
    return { action: form.action ?? '', method: (form.method ?? 'get').toUpperCase(), inputs }
  })
}

/** A visitor of pages. */
export class Person {
  /** Cookies by name: one host is enough here. */
  cookies = new Map()
  /** Each address that was opened, in order. */
  visited = []

  /** @param {{ fetch?: typeof fetch, language?: string }} [options] */
  constructor(options = {}) {
    this.fetch = options.fetch ?? fetch
    this.language = options.language ?? 'en'
  }

  /**
   * Opens an address and follows redirects, up to one that leaves the host.
   * @param {string} url
   * @param {RequestInit} [request]
   */
  async open(url, request = {}) {
    this.visited.push(url)
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { 'accept-language': this.language, ...request.headers }
    if (cookie !== '') headers.cookie = cookie
    const response = await this.fetch(url, { ...request, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) this.#keep(line)
    const location = response.headers.get('location')
    if (location !== null && response.status >= 300 && response.status < 400) {
      const next = new URL(location, url)
      await response.arrayBuffer()
      if (next.host === new URL(url).host) return this.open(next.href)
      return { left: next.href, status: response.status, html: '', url }
    }
    this.page = { url, status: response.status, headers: response.headers }
    this.page.html = await response.text()
    return this.page
  }

  #keep(line) {
    const [pair, ...rest] = line.split(';')
    const at = pair.indexOf('=')
    const [name, value] = [pair.slice(0, at).trim(), pair.slice(at + 1)]
    const over = rest.some((part) => /^\s*max-age=0\s*$/i.test(part))
    if (over) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }

  /**
   * Fills the form of this page that has these fields, and sends it.
   * @param {Record<string, string>} fields
   * @param {{ page?: string, button?: [string, string], headers?: object }} [options] `page`: the
   *   end of the form's address; `button`: name and value of the one that is pressed
   */
  async submit(fields = {}, options = {}) {
    const names = Object.keys(fields)
    const form = forms(this.page.html).find(
      (it) =>
        (options.page === undefined || it.action.endsWith(`/${options.page}`)) &&
        names.every((name) => it.inputs.some((input) => input.name === name)),
    )
    if (!form) throw new Error(`no form with ${names} at ${this.page.url}:\n${this.page.html}`)
    const body = new URLSearchParams(options.button ? [options.button] : [])
    for (const input of form.inputs) {
      const isOn = !['checkbox', 'radio'].includes(input.type) || 'checked' in input
      if (input.name && input.kind !== 'button' && isOn && !(input.name in fields)) {
        body.append(input.name, input.value ?? '')
      }
    }
    for (const [name, value] of Object.entries(fields)) body.append(name, value)
    const url = new URL(form.action, this.page.url)
    const headers = { origin: url.origin, 'sec-fetch-site': 'same-origin', ...options.headers }
    if (form.method === 'GET') {
      url.search = body
      return this.open(url.href, { headers })
    }
    return this.open(url.href, { method: 'POST', body, headers })
  }
}
