import { describe, expect, test } from 'vitest'
import { proxiesFrom } from '../src/proxy/proxies.js'

/** Host of the proxy that an address goes by in an environment. */
function chosen(environment: Record<string, string>, url: string): string | undefined {
  return proxiesFrom(environment)?.proxyFor(new URL(url))?.host
}

describe('the proxy', () => {
  test.each([
    ['nothing is named', {}, 'https://a.example', undefined],
    [
      'an empty variable names nothing',
      { HTTPS_PROXY: '', https_proxy: ' ' },
      'https://a.example',
      undefined,
    ],
    ['exceptions alone name nothing', { NO_PROXY: '*' }, 'https://a.example', undefined],
    ['lower case wins', { HTTPS_PROXY: 'http://b:2', https_proxy: 'http://a:1' }, 'https://a.example', 'a:1'],
    ['http has its own', { HTTP_PROXY: 'http://b:2' }, 'http://a.example', 'b:2'],
    ['https does not go by that of http', { HTTP_PROXY: 'http://b:2' }, 'https://a.example', undefined],
    ['http does not go by that of https', { HTTPS_PROXY: 'http://b:2' }, 'http://a.example', undefined],
    [
      'the protocol may be left out',
      { HTTPS_PROXY: 'b.example:3128' },
      'https://a.example',
      'b.example:3128',
    ],
    ['the port may be left out', { HTTPS_PROXY: 'https://b.example' }, 'https://a.example', 'b.example:443'],
    [
      'a CGI program ignores what may be a header',
      { HTTP_PROXY: 'http://b:2', REQUEST_METHOD: 'GET' },
      'http://a.example',
      undefined,
    ],
    [
      'a CGI program reads what cannot be one',
      { http_proxy: 'http://b:2', HTTPS_PROXY: 'http://c:3', REQUEST_METHOD: 'GET' },
      'http://a.example',
      'b:2',
    ],
  ])('where %s', (_what, environment, url, host) => {
    expect(chosen(environment, url)).toBe(host)
  })

  test.each([
    ['ann:p%40s%3As', 'ann:p@s:s'],
    ['ann', 'ann:'],
    ['ann:50%', 'ann:50%'],
    ['jörg:grün', 'jörg:grün'],
  ])('is told user and password as they are meant: %s', (written, meant) => {
    const proxy = proxiesFrom({ HTTPS_PROXY: `http://${written}@p:1` })?.proxyFor(
      new URL('https://a.example'),
    )
    expect(proxy?.authorization).toBe(`Basic ${Buffer.from(meant).toString('base64')}`)
    expect(proxy?.origin).toBe('http://p:1')
  })
})

describe('this machine and its own network are asked directly', () => {
  const own = [
    'localhost',
    'a.localhost',
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.20',
    '169.254.10.10',
    '100.64.0.1',
    '2130706433',
    '[::1]',
    '[::]',
    '[fd12:3456::1]',
    '[fc00::1]',
    '[fe80::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:10.0.0.1]',
    '[::ffff:192.168.1.1]',
    'gpu',
    'gpu.',
    'gpu.local',
    'NAS.lan',
    'ollama.internal',
    'box.home.arpa',
    'box.home.arpa.',
    'localhost.localdomain',
    'localhost..',
    'gpu.local..',
  ]
  test.each(own)('%s', (host) => {
    expect(chosen({ HTTP_PROXY: 'http://p:1' }, `http://${host}:11434/`)).toBeUndefined()
  })

  const others = [
    'openrouter.ai',
    'example.local.com',
    'mylocal.example',
    '11.0.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '192.169.0.1',
    '100.128.0.1',
    '169.253.0.1',
    '[2001:db8::1]',
    '[fbff::1]',
    '[ff02::1]',
    '[::ffff:8.8.8.8]',
    '10.0.0.1.example',
  ]
  test.each(others)('but not %s', (host) => {
    expect(chosen({ HTTP_PROXY: 'http://p:1' }, `http://${host}:11434/`)).toBe('p:1')
  })
})

describe('NO_PROXY', () => {
  test.each([
    ['*', 'https://a.example', true],
    ['a.example', 'https://a.example', true],
    ['a.example', 'https://A.Example./', true],
    ['a.example', 'https://b.a.example', true],
    ['a.example', 'https://ba.example', false],
    ['.a.example', 'https://b.a.example', true],
    ['.a.example', 'https://a.example', true],
    ['*.a.example', 'https://b.a.example', true],
    ['x.example, a.example', 'https://a.example', true],
    ['x.example a.example', 'https://a.example', true],
    ['a.example:8443', 'https://a.example:8443', true],
    ['a.example:8443', 'https://a.example', false],
    ['a.example:443', 'https://a.example', true],
    ['a.example:80', 'https://a.example', false],
    ['https://a.example/', 'https://a.example', true],
    ['203.0.113.7', 'https://203.0.113.7', true],
    ['113.7', 'https://203.0.113.7', false],
    ['203.0.113.0/24', 'https://203.0.113.7', true],
    ['203.0.113.0/24', 'https://203.0.114.7', false],
    ['203.0.113.7/32', 'https://203.0.113.7', true],
    ['0.0.0.0/0', 'https://203.0.113.7', true],
    ['0.0.0.0/0', 'https://a.example', false],
    ['2001:DB8:0::1', 'https://[2001:db8::1]', true],
    ['[2001:db8::1]:8443', 'https://[2001:db8::1]:8443', true],
    ['[2001:db8::1]:8443', 'https://[2001:db8::1]', false],
    ['grün.example', 'https://grün.example', true],
    ['., ,*.', 'https://a.example', false],
  ])('%s and %s', (list, url, isExcepted) => {
    expect(chosen({ HTTPS_PROXY: 'http://p:1', NO_PROXY: list }, url)).toBe(isExcepted ? undefined : 'p:1')
  })

  test('counts in lower case first', () => {
    const environment = { HTTPS_PROXY: 'http://p:1', NO_PROXY: '*', no_proxy: 'a.example' }
    expect(chosen(environment, 'https://b.example')).toBe('p:1')
  })
})
