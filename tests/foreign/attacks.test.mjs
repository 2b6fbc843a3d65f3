// Attacks on the sign-in that need a browser, raw requests, or many of them at once.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Authority } from './support/authority.mjs'
import { launch, Visitor } from './support/browser.mjs'
import { Driver, PASSPHRASE, pageOf } from './support/driver.mjs'
import { OAuthWallet } from './support/oauth_client.mjs'
import { Person } from './support/person.mjs'
import { answer, send, serve } from './support/web.mjs'

let authority
let browser
before(async () => {
  authority = await Authority.open({
    serve: ['--accounts', 'builtin'],
    env: { VIDIMUS_LOG: 'debug' },
  })
  browser = await launch()
})
after(async () => {
  await browser.close()
  await authority.close()
})

/** A pushed request, to be opened. */
async function pushed() {
  const wallet = await OAuthWallet.open(authority.issuer)
  return { wallet, ...(await wallet.push()) }
}

/** A driver with an account. @param {Person} [person] */
async function withAccount(person) {
  const driver = await Driver.register(authority)
  await driver.signIn((await pushed()).url, { person })
  return driver
}

/** A new visitor at the page of a passphrase. @param {string} number */
async function atPassphrase(number) {
  const person = new Person()
  await person.open((await pushed()).url)
  await person.submit({ number }, { page: 'number' })
  return person
}

describe('another site', () => {
  /** A page of another origin, open in a browser in which a sign-in is under way. */
  async function elsewhere(t, html) {
    const site = await serve((_, response) =>
      answer(response, 200, `<!doctype html><title>Elsewhere</title>${html}`, {
        'content-type': 'text/html; charset=utf-8',
      }),
    )
    t.after(() => site.close())
    const origin = `http://localhost:${site.port}`
    const visitor = await Visitor.open(browser, {
      origins: [authority.issuer, origin],
      suite: 'attacks',
    })
    t.after(() => visitor.close())
    const driver = await withAccount()
    await driver.signInWith(visitor, (await pushed()).url, { upTo: 'consent' })
    assert.equal(pageOf(await visitor.page.content()), 'consent')
    return { visitor, origin }
  }

  test('cannot put a page into a frame', async (t) => {
    const frame = `<iframe src="${authority.issuer}/sign-in"></iframe>`
    const { visitor, origin } = await elsewhere(t, frame)
    await visitor.goto(origin)
    const [, framed] = visitor.page.frames()
    await framed.waitForLoadState()
    assert.ok(!(await framed.content()).includes('sign-in'))
    assert.match(visitor.faults.join('\n'), /frame-ancestors/)
  })

  for (const page of ['consent', 'refuse', 'language']) {
    test(`cannot send the form of ${page}`, async (t) => {
      const form = `<form method="post" action="${authority.issuer}/sign-in/${page}">
        <input name="phone" value="first"><input name="language" value="ar">
        <button>Win a prize</button></form>`
      const { visitor, origin } = await elsewhere(t, form)
      await visitor.goto(origin)
      const [response] = await Promise.all([
        visitor.page.waitForResponse((said) => said.url().includes('/sign-in')),
        visitor.page.locator('button').click(),
      ])
      assert.equal(response.status(), 403)
      await visitor.goto(`${authority.issuer}/sign-in`)
      assert.equal(pageOf(await visitor.page.content()), 'consent')
      assert.equal(await visitor.page.locator('html').getAttribute('lang'), 'en')
    })
  }

  test('with a name that leads here finds nothing (DNS rebinding)', async () => {
    for (const host of ['rebound.example', `rebound.example:${authority.port}`, '127.0.0.1']) {
      for (const path of ['/sign-in', '/sign-in/number', '/authorize']) {
        const said = await send({ host: '127.0.0.1', url: authority.issuer + path, as: host })
        assert.equal(said.status, 421, `${host} ${path}`)
        assert.equal(said.headers['set-cookie'], undefined)
      }
    }
  })
})

describe('a sign-in', () => {
  test('is worth nothing by a cookie of before the passphrase (fixation)', async () => {
    const driver = await withAccount()
    const person = new Person()
    await driver.signIn((await pushed()).url, { person, upTo: 'passphrase' })
    const planted = new Map(person.cookies)
    await person.submit({ passphrase: PASSPHRASE }, { page: 'passphrase' })
    await person.submit({ code: await driver.authenticator.next() }, { page: 'code' })
    assert.equal(pageOf(person.page.html), 'consent')
    const thief = new Person()
    thief.cookies = planted
    await thief.open(`${authority.issuer}/sign-in`)
    assert.notEqual(pageOf(thief.page.html), 'consent')
    assert.ok(!thief.page.html.includes(driver.driver.family_name))
  })

  test('shows what was typed as text, never as a part of the page', async () => {
    const person = await atPassphrase('"><script>alert(1)</script><img src=x onerror=a>')
    assert.ok(!/<script|<img/.test(person.page.html), person.page.html)
  })

  test('does not tell by its pages whether an account exists', async () => {
    const { number } = await withAccount()
    const without = await Driver.register(authority)
    const pages = []
    for (const typed of [number, without.number, 'ZZ-NONE']) {
      const person = await atPassphrase(typed)
      const first = plain(person.page.html, typed)
      await person.submit({ passphrase: 'not the right one at all' }, { page: 'passphrase' })
      pages.push(`${person.page.status}${first}${plain(person.page.html, typed)}`)
    }
    assert.equal(pages[1], pages[0])
    assert.equal(pages[2], pages[0])
  })

  /** A page without what differs each time. */
  const plain = (html, typed) =>
    html.replaceAll(typed, 'NUMBER').replaceAll(/name="form" value="[^"]*"/g, 'FORM')

  test('does not tell by its time whether an account exists', async () => {
    const times = { there: [], none: [] }
    const drivers = []
    for (let n = 0; n < 4; n += 1) drivers.push(await withAccount())
    for (let round = 0; round < 8; round += 1) {
      const numbers = { there: drivers[round % 4].number, none: `ZZ-NONE-${round}` }
      for (const [which, typed] of Object.entries(numbers)) {
        const person = await atPassphrase(typed)
        const start = performance.now()
        await person.submit({ passphrase: `wrong one ${round}` }, { page: 'passphrase' })
        times[which].push(performance.now() - start)
      }
    }
    // The quickest of each is the one that had least to wait for others.
    const [there, none] = Object.values(times).map((of) => Math.min(...of))
    assert.ok(there / none < 2 && none / there < 2, `${there} ms, ${none} ms`)
  })
})

/** A code with a right check character, so that it counts as a try: nine characters and one. */
function letterCode(number) {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  const values = [1, 2, 3, 4, 5, 6, 7, number >> 5, number & 31]
  const double = (value) => (value & 16 ? (value << 1) ^ 0b100101 : value << 1)
  const check = values.reduce((sum, value) => double(sum ^ value), 0)
  return [...values, check].map((value) => alphabet[value]).join('')
}

describe('guessing', () => {
  test('of letters by 200 at once finds nothing, and ends at five', async () => {
    const driver = await Driver.register(authority)
    const guesses = Array.from({ length: 200 }, async (_, n) => {
      const person = await atPassphrase(driver.number)
      if (pageOf(person.page.html) !== 'passphrase') return 'slowed'
      await person.open(`${authority.issuer}/sign-in/letter`)
      const code = letterCode(n)
      await person.submit({ code }, { page: 'letter' })
      return pageOf(person.page.html)
    })
    const pages = await Promise.all(guesses.map((guess) => guess.catch(() => 'refused')))
    assert.ok(!pages.includes('new-passphrase'))
    // The right one comes too late for somebody who was not here before.
    const person = await atPassphrase(driver.number)
    await person.open(`${authority.issuer}/sign-in/letter`)
    await person.submit({ code: driver.letter }, { page: 'letter' })
    assert.equal(pageOf(person.page.html), 'letter')
  })

  test('of one-time codes by 200 at once finds nothing, and the driver is not locked out', async () => {
    const own = new Person()
    const driver = await withAccount(own)
    const thief = await atPassphrase(driver.number)
    await thief.submit({ passphrase: PASSPHRASE }, { page: 'passphrase' })
    assert.equal(pageOf(thief.page.html), 'code')
    const [cookies, page] = [new Map(thief.cookies), thief.page]
    const guesses = Array.from({ length: 200 }, async (_, n) => {
      const hand = Object.assign(new Person(), { cookies: new Map(cookies), page })
      await hand.submit({ code: String(n * 4999).padStart(6, '0') }, { page: 'code' })
      return pageOf(hand.page.html)
    })
    const pages = await Promise.all(guesses.map((guess) => guess.catch(() => 'refused')))
    assert.ok(!pages.includes('consent'))
    // Even the right one is not taken from who has guessed so often.
    await thief.open(`${authority.issuer}/sign-in`)
    if (pageOf(thief.page.html) === 'code') {
      await thief.submit({ code: await driver.authenticator.next() }, { page: 'code' })
      assert.notEqual(pageOf(thief.page.html), 'consent')
    }
    // The browser in which the driver has signed in before.
    const url = (await pushed()).url
    assert.ok((await driver.signIn(url, { person: own })).includes('code='))
  })

  test('of passphrases elsewhere does not slow a browser that is known', async () => {
    const own = new Person()
    const driver = await withAccount(own)
    for (let round = 0; round < 30; round += 1) {
      const thief = await atPassphrase(driver.number)
      if (pageOf(thief.page.html) !== 'passphrase') break
      await thief.submit({ passphrase: `guess number ${round}` }, { page: 'passphrase' })
    }
    assert.ok((await driver.signIn((await pushed()).url, { person: own })).includes('code='))
  })
})

describe('secrets', () => {
  test('are in no address, no referrer and no log', async () => {
    const driver = await Driver.register(authority)
    const { wallet, url } = await pushed()
    const requests = []
    const person = new Person({
      fetch: (address, init) => {
        requests.push(`${address} ${init.headers?.referer ?? ''}`)
        return fetch(address, init)
      },
    })
    const back = await driver.signIn(url, { person })
    await wallet.redeem(back)
    await wallet.credential()
    const code = new URL(back).searchParams.get('code')
    const cookies = [...person.cookies.values()]
    const secrets = [driver.letter, PASSPHRASE, driver.authenticator.secret, code, ...cookies]
    const addresses = requests.join('\n')
    for (const secret of secrets) assert.ok(!addresses.includes(secret), secret)
    const never = [
      ...secrets,
      wallet.verifier,
      wallet.tokens.access_token,
      wallet.tokens.refresh_token,
      new URL(url).searchParams.get('request_uri').split(':').at(-1),
      driver.driver.family_name,
      driver.number,
    ]
    for (const secret of never) assert.ok(!authority.log.includes(secret), secret)
    // A log that says nothing would prove nothing.
    assert.notEqual(authority.log, '')
  })

  test('are in no page that a browser may keep or pass on', async () => {
    const driver = await withAccount()
    const person = await atPassphrase(driver.number)
    const { headers } = person.page
    assert.match(headers.get('cache-control'), /no-store/)
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    const policy = headers.get('content-security-policy')
    for (const part of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]) {
      assert.ok(policy.includes(part), policy)
    }
    assert.ok(!/unsafe|\*/.test(policy), policy)
  })
})
