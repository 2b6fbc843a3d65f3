// Attacks on the office: other sites, other names, other hands.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Authority } from './support/authority.mjs'
import { launch, Visitor } from './support/browser.mjs'
import { Clerk } from './support/clerk.mjs'
import { answer, send, serve } from './support/web.mjs'

let authority
let browser
before(async () => {
  authority = await Authority.demonstration()
  browser = await launch()
})
after(async () => {
  await browser.close()
  await authority.close()
})

/** A clerk's browser, signed in; `site` is the origin of another site. */
async function atDesk(t, name, roles, site = []) {
  const clerk = await Clerk.add(authority, name, roles)
  const origins = [authority.office, authority.issuer, ...site]
  const visitor = await Visitor.open(browser, { origins, suite: 'office-attacks', width: 1280 })
  t.after(() => visitor.close())
  await clerk.setUp(visitor)
  await clerk.signIn(visitor)
  return { clerk, visitor }
}

/** A page of another site. */
async function elsewhere(t, html) {
  const type = { 'content-type': 'text/html; charset=utf-8' }
  const page = `<!doctype html><link rel="icon" href="data:,"><title>Elsewhere</title>${html}`
  const site = await serve((_, response) => answer(response, 200, page, type))
  t.after(() => site.close())
  return `http://localhost:${site.port}`
}

test('another site puts no page of the office into a frame', async (t) => {
  const site = await elsewhere(t, `<iframe src="${authority.office}/"></iframe>`)
  const { visitor } = await atDesk(t, 'framed', ['clerk'], [site])
  await visitor.goto(site)
  const [, framed] = visitor.page.frames()
  await framed.waitForLoadState()
  assert.ok(!(await framed.content()).includes('Search'))
  assert.match(visitor.faults.join('\n'), /frame-ancestors/)
})

test('another site sends no form of the office in the name of a clerk', async (t) => {
  const form = `<form method="post" action="${authority.office}/sign-out">
    <input name="form" value="guessed"><button>Win a prize</button></form>`
  const site = await elsewhere(t, form)
  const { visitor } = await atDesk(t, 'lured', ['clerk'], [site])
  await visitor.goto(site)
  const [response] = await Promise.all([
    visitor.page.waitForResponse((said) => said.url().startsWith(authority.office)),
    visitor.page.locator('button').click(),
  ])
  assert.ok(response.status() >= 400, `${response.status()}`)
  await visitor.goto(authority.office)
  assert.match(await visitor.page.locator('footer').innerText(), /lured/)
})

test('a name that leads here finds nothing (DNS rebinding)', async () => {
  const { port } = new URL(authority.office)
  for (const as of ['rebound.example', `rebound.example:${port}`, 'localhost.example']) {
    for (const path of ['/', '/sign-in', '/set-up', '/v1/licenses', '/api']) {
      const said = await send({ host: '127.0.0.1', url: authority.office + path, as })
      assert.ok([400, 421].includes(said.status), `${as} ${path}: ${said.status}`)
      assert.equal(said.headers['set-cookie'], undefined)
    }
  }
})

test('the pages of drivers and of the office share no cookie', async (t) => {
  const { visitor } = await atDesk(t, 'apart', ['clerk'])
  const mine = await visitor.context.cookies(authority.office)
  assert.ok(mine.length > 0)
  for (const cookie of mine) {
    assert.ok(cookie.httpOnly && cookie.sameSite !== 'None', cookie.name)
    const said = await fetch(`${authority.issuer}/sign-in`, {
      headers: { cookie: `${cookie.name}=${cookie.value}` },
    })
    assert.notEqual(said.status, 200)
  }
})

test('a copied session ends with the sign-out', async (t) => {
  const { visitor } = await atDesk(t, 'copied', ['clerk'])
  const cookies = await visitor.context.cookies(authority.office)
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const look = () => fetch(authority.office, { headers: { cookie }, redirect: 'manual' })
  assert.equal((await look()).status, 200)
  await visitor.press('form[action="/sign-out"] button')
  assert.notEqual((await look()).status, 200)
})

test('a clerk neither suspends nor manages users, whatever page is asked for', async (t) => {
  const { visitor } = await atDesk(t, 'narrow', ['clerk'])
  for (const path of ['users', 'audit', 'proposals']) {
    const response = await visitor.goto(`${authority.office}/${path}`)
    assert.ok(response.status() === 403 || response.status() === 404, path)
  }
  const { token } = await authority.run('user', 'token', 'narrow')
  const [number] = authority.told.match(/ZZ-\d{4}-\d{4}/)
  const said = await fetch(`${authority.office}/v1/licenses/${number}/decisions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ event: 'x', state: 'suspended' }),
  })
  assert.equal(said.status, 403)
})
