// Sign-in at a foreign OpenID provider, `oidc-provider`.

import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { Authority, freePort } from './support/authority.mjs'
import { launch, Visitor } from './support/browser.mjs'
import { pageOf } from './support/driver.mjs'
import { ACR, CLIENT, ForeignProvider } from './support/foreign_provider.mjs'
import { OAuthWallet } from './support/oauth_client.mjs'
import { Person } from './support/person.mjs'
import { Wallet } from './support/wallet.mjs'

let authority
let provider
before(async () => {
  const port = await freePort()
  const redirect = `http://127.0.0.1:${port}/sign-in/provider/callback`
  provider = await ForeignProvider.open([redirect])
  authority = await Authority.open({
    port,
    before: async (it) => {
      it.secret = join(it.folder.path, 'secret')
      await writeFile(it.secret, CLIENT.secret, { mode: 0o600 })
    },
    serve: (it) => [
      ...['--oidc', provider.issuer, '--oidc-client', CLIENT.id, '--oidc-acr', ACR],
      ...['--oidc-secret-file', it.secret, '--oidc-claim', 'license_number'],
    ],
  })
})
after(async () => {
  await authority.close()
  await provider.close()
})
beforeEach(() => Object.assign(provider, { acr: ACR, age: 0, changed: {}, asked: [] }))

/** A driver who has an account at the provider. @param {string} name */
async function known(name) {
  const driver = await authority.register()
  provider.accounts.set(name, { license_number: driver.number })
  return driver
}

/** Somebody who has signed in at the provider, and is back. @param {string} name */
async function signedIn(name) {
  const wallet = await OAuthWallet.open(authority.issuer)
  const { url } = await wallet.push()
  const person = new Person()
  await person.open(url)
  const visit = async (answer) => (answer.left ? person.open(answer.left) : answer)
  await visit(await person.open(`${authority.issuer}/sign-in/provider`))
  await visit(await person.submit({ name }))
  return { wallet, person }
}

test('a driver signs in at the provider, and a foreign client receives the license', async () => {
  await known('zoë')
  const { wallet, person } = await signedIn('zoë')
  assert.equal(pageOf(person.page.html), 'consent')
  const { left } = await person.submit({}, { page: 'consent' })
  await wallet.redeem(left)
  assert.equal((await wallet.credential()).status, 200)
  const [asked] = provider.asked
  assert.equal(asked.code_challenge_method, 'S256')
  assert.equal(asked.max_age, '0')
  assert.ok(asked.nonce && asked.state && asked.acr_values.includes(ACR))
})

test('in Chromium, from the app through the provider to the wallet', async (t) => {
  await known('in chromium')
  const wallet = await Wallet.open(authority)
  t.after(() => wallet.close())
  const browser = await launch()
  t.after(() => browser.close())
  const applying = await wallet.apply()
  const origins = [authority.issuer, provider.issuer, /^http:\/\/127\.0\.0\.1:\d+$/]
  const visitor = await Visitor.open(browser, { origins, suite: 'provider' })
  await visitor.goto(applying.address)
  await visitor.look('start')
  await visitor.press('a[href$="/sign-in/provider"]')
  await visitor.fill('name', 'in chromium')
  await visitor.press('button')
  await visitor.press('form[action$="/sign-in/consent"] button')
  const ended = await applying.ended
  assert.equal(ended.code, 0, ended.err)
  visitor.assertQuiet()
})

test('a token is taken that differs in nothing', async () => {
  await known('unchanged')
  provider.changed = { harmless: true }
  assert.equal(pageOf((await signedIn('unchanged')).person.page.html), 'consent')
})

for (const [what, change] of [
  ['a sign-in that is too weak', { acr: 'low' }],
  ['a sign-in of an hour ago', { age: 3600 }],
  ['a token for another nonce', { changed: { nonce: 'another' } }],
  ['a token for another audience', { changed: { aud: 'another' } }],
  ['a token of another issuer', { changed: { iss: 'https://other.example' } }],
  ['a token that is over', { changed: { exp: 1_000_000_000 } }],
]) {
  test(`${what} is refused`, async () => {
    await known(what)
    Object.assign(provider, change)
    const { person } = await signedIn(what)
    assert.notEqual(pageOf(person.page.html), 'consent')
    assert.match(person.page.html, /role="alert"/)
  })
}

test('somebody without a license here is told so, and nothing more', async () => {
  provider.accounts.set('stranger', { license_number: 'ZZ-OTHER' })
  const { person } = await signedIn('stranger')
  assert.match(person.page.html, /role="alert"/)
})

test('a name or a birth date links nobody to a license', async () => {
  const driver = await authority.register()
  const { given_names: given, family_name: family, birth_date: birthdate } = driver.driver
  provider.accounts.set('namesake', { given_name: given, family_name: family, birthdate })
  const { person } = await signedIn('namesake')
  assert.notEqual(pageOf(person.page.html), 'consent')
})

test('a second account of one license needs a clerk, and the first is told', async () => {
  const driver = await known('first')
  const first = await signedIn('first')
  assert.equal(pageOf(first.person.page.html), 'consent')
  provider.accounts.set('second', { license_number: driver.number })
  const refused = await signedIn('second')
  assert.notEqual(pageOf(refused.person.page.html), 'consent')
  await authority.run('link', 'allow', driver.number)
  const second = await signedIn('second')
  assert.equal(pageOf(second.person.page.html), 'consent')
  const again = await signedIn('first')
  assert.match(again.person.page.html, /class="notice"/)
})

test('who goes back at the provider is told so', async () => {
  const wallet = await OAuthWallet.open(authority.issuer)
  const { url } = await wallet.push()
  const person = new Person()
  await person.open(url)
  const { left } = await person.open(`${authority.issuer}/sign-in/provider`)
  await person.open(left)
  const back = await person.submit({}, { button: ['cancel', '1'] })
  await person.open(back.left)
  assert.match(person.page.html, /role="alert"/)
})

test('an answer of the provider for another browser is worth nothing', async () => {
  await known('victim')
  const wallet = await OAuthWallet.open(authority.issuer)
  const [thief, victim] = [new Person(), new Person()]
  await victim.open((await wallet.push()).url)
  await thief.open((await wallet.push()).url)
  const { left } = await thief.open(`${authority.issuer}/sign-in/provider`)
  await thief.open(left)
  const answer = await thief.submit({ name: 'victim' })
  // The thief's own answer, given to the victim's browser.
  await victim.open(answer.left)
  assert.notEqual(pageOf(victim.page.html), 'consent')
})
