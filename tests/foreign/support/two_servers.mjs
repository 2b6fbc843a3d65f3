// Two servers on one register, and requests that go to them in turn.
//
// An issuer on loopback may be served at its own address and port alone, so the two share a name:
// one listens at each loopback address of `localhost`. What is between them and a browser is a
// proxy; a client in this process gets a `fetch`.

import { Authority } from './authority.mjs'
import { answer, bodyOf, send, serve } from './web.mjs'

/** The loopback addresses of `localhost`, as sockets and as this program's options spell them. */
const ADDRESSES = ['127.0.0.1', '::1']

/** Headers that are about one connection (RFC 9110, 7.6.1). */
const OF_ONE_HOP = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding']

export class TwoServers {
  /** Which server was asked what: `0 GET /sign-in`. */
  asked = []
  #next = 0

  /** @param {{ serve?: (which: number) => string[], before?: (it: Authority) => any }} [options] */
  static async open(options = {}) {
    const both = new TwoServers()
    both.authority = await Authority.open({
      host: 'localhost',
      serve: options.serve?.(0),
      before: options.before,
    })
    await both.authority.serve('[::1]', options.serve?.(1))
    both.issuer = both.authority.issuer
    both.root = both.authority.root
    both.proxy = await serve((incoming, response) => both.#pass(incoming, response))
    return both
  }

  /** What Chromium is told of the proxy. */
  get switches() {
    return [`--proxy-server=127.0.0.1:${this.proxy.port}`, '--proxy-bypass-list=<-loopback>']
  }

  #turn(what) {
    const which = this.#next
    this.#next = 1 - which
    this.asked.push(`${which} ${what}`)
    return ADDRESSES[which]
  }

  async #pass(incoming, response) {
    const url = new URL(incoming.url)
    const isOurs = url.origin === new URL(this.issuer).origin
    const host = isOurs ? this.#turn(`${incoming.method} ${url.pathname}`) : url.hostname
    const body = await bodyOf(incoming)
    const said = await send({
      host,
      url: incoming.url,
      method: incoming.method,
      headers: without(incoming.headers),
      body,
    })
    answer(response, said.status, said.body, without(said.headers))
  }

  /** A `fetch` that asks the two in turn. */
  get fetch() {
    return async (input, init) => {
      const request = new Request(input, init)
      const url = new URL(request.url)
      const said = await send({
        host: this.#turn(`${request.method} ${url.pathname}`),
        url: url.href,
        method: request.method,
        headers: Object.fromEntries(request.headers),
        body: Buffer.from(await request.arrayBuffer()),
      })
      const headers = new Headers()
      for (const [name, value] of Object.entries(said.headers)) {
        for (const one of [value].flat()) headers.append(name, one)
      }
      // An answer of 204 or 304 may have no body, not even an empty one.
      const body = said.body.length === 0 ? null : said.body
      const response = new Response(body, { status: said.status, headers })
      Object.defineProperty(response, 'url', { value: url.href })
      return response
    }
  }

  /** Forgets what was asked; the next request goes to this server. @param {0 | 1} [first] */
  restart(first = 0) {
    this.asked = []
    this.#next = first
  }

  async close() {
    await this.proxy.close()
    await this.authority.close()
  }
}

function without(headers) {
  const entries = Object.entries(headers)
  return Object.fromEntries(entries.filter(([name]) => !OF_ONE_HOP.includes(name)))
}
