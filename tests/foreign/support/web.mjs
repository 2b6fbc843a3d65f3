// A small web server for parts that speak for others, and requests to one address among several.

import { createServer, request } from 'node:http'

/** Sends an answer. JSON where the body is an object. */
export function answer(response, status, body = '', headers = {}) {
  const isText = typeof body === 'string' || body instanceof Uint8Array
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json'
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', ...headers })
  response.end(isText ? body : JSON.stringify(body))
}

/** The body of a request. @param {import('node:http').IncomingMessage} incoming */
export async function bodyOf(incoming) {
  const parts = []
  for await (const part of incoming) parts.push(part)
  return Buffer.concat(parts)
}

/**
 * Serves until it is closed.
 * @param {import('node:http').RequestListener} handle
 * @param {{ host?: string, port?: number }} [where]
 */
export async function serve(handle, where = {}) {
  const server = createServer((incoming, response) => {
    Promise.resolve(handle(incoming, response)).catch((error) => {
      if (!response.headersSent) answer(response, 500, `${error.stack}`)
      else response.destroy()
    })
  })
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(where.port ?? 0, where.host ?? '127.0.0.1', resolve)
  })
  const { port } = server.address()
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  return { server, port, close }
}

/**
 * Sends a request to one server of a name that several serve: `host` is where it goes.
 * @param {{ host: string, url: string, as?: string, method?: string, headers?: object,
 *   body?: Uint8Array }} what `as`: the host that it names, where that is another
 * @returns {Promise<{ status: number, headers: object, body: Buffer }>}
 */
export function send(what) {
  const url = new URL(what.url)
  const options = {
    host: what.host,
    port: url.port,
    path: url.pathname + url.search,
    method: what.method ?? 'GET',
    headers: { ...what.headers, host: what.as ?? url.host },
  }
  return new Promise((resolve, reject) => {
    const sent = request(options, async (incoming) => {
      const body = await bodyOf(incoming)
      resolve({ status: incoming.statusCode, headers: incoming.headers, body })
    })
    sent.on('error', reject)
    sent.end(what.body)
  })
}
